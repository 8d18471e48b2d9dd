// /docs and /redoc as people meet them, in a browser that can reach the server and nothing else.
//
// pages.js PLAYWRIGHT CHROMIUM SERVER SCREENSHOTS
'use strict';

const {Proxy, Results, Server, launch, visitor} = require('./world.js');

const [playwright, executablePath, program, screenshots] = process.argv.slice(2);
const TITLE = 'Burgers </title> & "friends"';
const results = new Results();
const visit = visitor(results, screenshots);

async function tryItOut(page) {
    results.equal('docs: the title', `${TITLE} - Swagger UI`, await page.title());
    await page.getByText('Read Burger').click();
    await page.getByRole('button', {name: 'Try it out'}).click();
    await page.getByPlaceholder('number').fill('7');
    await page.getByPlaceholder('sauce').fill('chili & mayo');
    await page.getByRole('button', {name: 'Execute'}).click();
    const answer = page.locator('.live-responses-table .response');
    results.equal('docs: the status', '200', (await answer.locator('.response-col_status').innerText()).trim());
    results.equal('docs: the answer', {number: 7, sauce: 'chili & mayo'},
        JSON.parse(await answer.locator('.response-col_description code').first().innerText()));
    results.check('docs: the URL links to the operation', page.url().endsWith('/docs#/default/read_burger_burgers__number__get'), page.url());
}

async function showPhoto(page) {
    await page.getByText('Photo', {exact: true}).click();
    await page.getByRole('button', {name: 'Try it out'}).click();
    await page.getByRole('button', {name: 'Execute'}).click();
    const image = page.locator('.live-responses-table img');
    results.equal('photo: an answer that is an image is shown', 1, await image.evaluate(async element => {
        await element.decode();
        return element.naturalWidth;
    }));
}

async function search(page) {
    results.equal('redoc: the title', `${TITLE} - ReDoc`, await page.title());
    await page.getByRole('heading', {name: 'Burgers'}).first().waitFor();
    await page.getByRole('heading', {name: 'Read Burger'}).first().waitFor();
    await page.getByPlaceholder('Search...').fill('burger');
    await page.locator('[data-role="search:results"]').getByText('Read Burger').waitFor();
    results.check('redoc: the search finds an operation', true);
}

// What Swagger UI puts in its window before it opens another for OAuth2.
async function authorize(page) {
    await page.getByText('Read Burger').waitFor();
    const code = await page.evaluate(() => new Promise((resolve, reject) => {
        window.swaggerUIRedirectOauth2 = {
            auth: {name: 'test', schema: {get: () => 'authorizationCode'}},
            state: 'mine',
            redirectUrl: window.ui.getConfigs().oauth2RedirectUrl,
            callback: ({auth}) => resolve(auth.code),
            errCb: ({message}) => reject(new Error(message)),
        };
        window.open(`${window.ui.getConfigs().oauth2RedirectUrl}?code=secret&state=mine`);
    }));
    results.equal('oauth2: the code comes back', 'secret', code);
}

async function main() {
    const server = await Server.start(program);
    const proxy = await Proxy.start(server.origin, '/shop');
    const browser = await launch(playwright, executablePath);
    try {
        const context = await browser.newContext({viewport: {width: 1200, height: 1400}});
        await visit(context, 'docs', server.origin, '/docs', tryItOut);
        await visit(context, 'photo', server.origin, '/docs', showPhoto);
        await visit(context, 'redoc', server.origin, '/redoc', search);
        await visit(context, 'oauth2', server.origin, '/docs', authorize);
        await visit(context, 'docs behind a proxy', proxy.origin, '/shop/docs', tryItOut);
        await visit(context, 'redoc behind a proxy', proxy.origin, '/shop/redoc',
            page => page.getByRole('heading', {name: 'Read Burger'}).first().waitFor());
    } finally {
        await browser.close();
        proxy.close();
        server.close();
    }
    process.exitCode = results.close();
}

main();
