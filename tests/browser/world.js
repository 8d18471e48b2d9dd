// The server, a proxy before it, and what the tests of the pages count.
'use strict';

const {spawn} = require('node:child_process');
const http = require('node:http');
const {isDeepStrictEqual} = require('node:util');

// One line a check, and the closing line that scripts/test adds up.
class Results {
    passed = 0;
    failed = 0;

    check(what, isTrue, details = '') {
        console.log(`${isTrue ? 'ok    ' : 'FAILED'} ${what}`);
        if (isTrue) {
            this.passed++;
            return;
        }
        this.failed++;
        console.log(`       ${details}`);
    }

    equal(what, wanted, got) {
        this.check(what, isDeepStrictEqual(wanted, got),
            `wanted ${JSON.stringify(wanted)}\n       got    ${JSON.stringify(got)}`);
    }

    close() {
        console.log(`${this.passed} passed, ${this.failed} failed`);
        return this.failed ? 1 : 0;
    }
}

class Server {
    static start(program) {
        const server = new Server();
        let log = '';
        server.process = spawn(program, ['--port', '0'], {stdio: ['ignore', 'ignore', 'pipe']});
        return new Promise((resolve, reject) => {
            server.process.on('exit', () => reject(new Error(`the server has ended:\n${log}`)));
            server.process.stderr.on('data', text => {
                log += text;
                const running = /running on (http:\/\/[\d.:]+)/.exec(log);
                if (running) {
                    server.origin = running[1];
                    resolve(server);
                }
            });
        });
    }

    close() {
        this.process.kill();
    }
}

// Serves under `prefix` what `origin` serves at its top.
class Proxy {
    static start(origin, prefix) {
        const proxy = new Proxy();
        proxy.server = http.createServer((request, response) => {
            if (!request.url.startsWith(prefix + '/')) {
                response.writeHead(404).end();
                return;
            }
            http.get(origin + request.url.slice(prefix.length), {headers: request.headers}, answer => {
                response.writeHead(answer.statusCode, answer.headers);
                answer.pipe(response);
            });
        });
        return new Promise(resolve => proxy.server.listen(0, '127.0.0.1', () => {
            proxy.origin = `http://127.0.0.1:${proxy.server.address().port}`;
            resolve(proxy);
        }));
    }

    close() {
        this.server.closeAllConnections();
        this.server.close();
    }
}

// A page in which everything that goes wrong is noted: requests that fail, or go elsewhere, and whatever the console
// shows as an error, such as what the content security policy has stopped.
async function newPage(context, origin) {
    const page = await context.newPage();
    page.setDefaultTimeout(60000);
    const mistakes = [];
    page.on('request', request => {
        if (!/^(data|blob):/.test(request.url()) && new URL(request.url()).origin !== origin)
            mistakes.push(`asks ${request.url()}`);
    });
    page.on('requestfailed', request => mistakes.push(`${request.url()}: ${request.failure().errorText}`));
    page.on('response', response => {
        if (response.status() >= 400)
            mistakes.push(`${response.url()}: ${response.status()}`);
    });
    page.on('console', message => {
        if (['error', 'warning'].includes(message.type()))
            mistakes.push(`console: ${message.text()}`);
    });
    page.on('pageerror', error => mistakes.push(`script: ${error.stack}`));
    return [page, mistakes];
}

// Looks at a page, by `look`, and leaves a screenshot of it. `expected`: mistakes that are meant.
const visitor = (results, screenshots) => async (context, what, origin, path, look, expected = []) => {
    const [page, mistakes] = await newPage(context, origin);
    try {
        await page.goto(origin + path);
        await look(page);
    } catch (error) {
        results.check(what, false, error.stack);
    }
    await page.screenshot({path: `${screenshots}/${what}.png`});
    const surprises = mistakes.filter(mistake => !expected.some(pattern => pattern.test(mistake)));
    results.check(`${what}: no request fails or leaves, and no error shows`, surprises.length === 0,
        [...new Set(surprises)].join('\n       '));
    await page.close();
};

// A browser that can reach this machine and nothing else.
function launch(playwright, executablePath) {
    return require(playwright).chromium.launch({
        executablePath,
        args: ['--no-sandbox', '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'],
    });
}

module.exports = {Proxy, Results, Server, launch, visitor};
