// The pages of the sample: three timelines of the same orders, drawn side by side, and its documentation.
//
// story.js PLAYWRIGHT AXE CHROMIUM BURGERS SCREENSHOTS
'use strict';

const {Results, Server, launch, visitor} = require('./world.js');

const [playwright, axe, executablePath, program, screenshots] = process.argv.slice(2);
const results = new Results();
const visit = visitor(results, screenshots);
const KITCHENS = ['concurrent', 'parallel', 'blocked'];

async function openKitchen(page, orders) {
    await page.getByLabel('Orders').fill(orders);
    await page.getByRole('button', {name: 'Open the kitchen'}).press('Enter');
    await page.getByText(/^(Served|The kitchen refused)/).waitFor();
}

// How many milliseconds a chart says that it took.
async function elapsed(page, id) {
    return Number(/in (\d+) ms/.exec(await page.locator(`#${id}-sum`).innerText())[1]);
}

// All of `id`'s bars share one beginning: the orders were taken before the first was ready.
async function beginnings(page, id) {
    return new Set(await page.locator(`#${id} rect`).evaluateAll(bars => bars.map(bar => bar.getAttribute('x')))).size;
}

async function draw(page) {
    await openKitchen(page, '6');
    for (const id of KITCHENS) {
        results.equal(`${id}: a bar for each order`, 6, await page.locator(`#${id} rect`).count());
        results.equal(`${id}: a row for each order`, 6, await page.locator(`#${id} tbody tr`).count());
    }
    results.equal('blocked: one after the other', 6, await beginnings(page, 'blocked'));
    results.check('blocked: six times as long as one', await elapsed(page, 'blocked') >= 300);
    results.check('concurrent: sooner than one after the other',
        await elapsed(page, 'concurrent') < await elapsed(page, 'blocked'));
    results.equal('parallel: four cooks', '6 orders by 4 cooks',
        (await page.locator('#parallel-sum').innerText()).replace(/ in .*/, ''));
}

async function refuse(page) {
    await page.locator('form').evaluate(form => { form.noValidate = true; });
    await page.getByLabel('Orders').fill('101');
    const answer = page.waitForResponse(/concurrent/);
    await page.getByRole('button', {name: 'Open the kitchen'}).click();
    results.equal('refused: by the server', 422, (await answer).status());
    await page.getByText(/^The kitchen refused.*orders.*less than or equal to 100/).waitFor();
    results.check('refused: and the page says why', true);
}

async function isAccessible(page) {
    await openKitchen(page, '6');
    await page.addStyleTag({content: '.bar { animation: none !important; }'});
    await page.addScriptTag({path: `${axe}/axe.min.js`});
    const {violations} = await page.evaluate(() => window.axe.run());
    results.equal('accessible: axe finds nothing', [], violations.map(({id, nodes}) => `${id}: ${nodes[0].html}`));
    results.check('accessible: nothing is wider than the window',
        await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth));
}

// The sample's own documentation: an operation is tried out, and its answer read.
async function execute(page) {
    await page.getByText('Say hello after a while').click();
    await page.getByRole('button', {name: 'Try it out'}).click();
    await page.getByPlaceholder('delay_ms').fill('5');
    await page.getByRole('button', {name: 'Execute'}).click();
    const answer = page.locator('.live-responses-table .response');
    results.equal('docs: the status', '200', (await answer.locator('.response-col_status').innerText()).trim());
    const {result, ran_on: ranOn} = JSON.parse(await answer.locator('.response-col_description code').first().innerText());
    results.equal('docs: the answer', ['hello', 'loop'], [result, ranOn]);
}

async function main() {
    const server = await Server.start(program);
    const browser = await launch(playwright, executablePath);
    try {
        const wide = await browser.newContext({viewport: {width: 1000, height: 1500}});
        await visit(wide, 'story', server.origin, '/', draw);
        await visit(wide, 'story refused', server.origin, '/', refuse, [/422/]);
        await visit(wide, 'story docs', server.origin, '/docs', execute);
        for (const [what, options] of [['story narrow', {viewport: {width: 320, height: 900}}],
            ['story dark', {viewport: {width: 1000, height: 1500}, colorScheme: 'dark'}]])
            await visit(await browser.newContext({...options, bypassCSP: true}), what, server.origin, '/', isAccessible);
    } finally {
        await browser.close();
        server.close();
    }
    process.exitCode = results.close();
}

main();
