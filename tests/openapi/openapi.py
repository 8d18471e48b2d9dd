"""What public tools make of the documents that Griddle generates: a validator, a generator of types, a typed client.

openapi.py NODE NPM WORK_DIR BURGERS WIDE
"""
import fcntl
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / 'burgers'))
from sample import Results, Sample, run  # noqa: E402: it lies there

MODULES = HERE / 'node_modules'
CLOSING = re.compile(r'^(\d+) passed, (\d+) failed$', re.M)
INSTALL_S = 180
results = Results()


def is_installed():
    """npm keeps there what it has installed."""
    stamp = MODULES / '.package-lock.json'
    return stamp.exists() and stamp.stat().st_mtime >= (HERE / 'package-lock.json').stat().st_mtime


def install(npm):
    """Once for all builds of this tree, which may come at the same time."""
    with open(HERE / 'package.json', encoding='utf-8') as package:
        fcntl.flock(package, fcntl.LOCK_EX)
        if not is_installed():
            subprocess.run([npm, 'ci'], cwd=HERE, stdin=subprocess.DEVNULL, stdout=sys.stderr, timeout=INSTALL_S,
                           check=True)
            (MODULES / '.package-lock.json').touch()


def prepare(work):
    """A folder of the build's, in which node finds the modules."""
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    (work / 'node_modules').symlink_to(MODULES)
    for name in ('package.json', 'client.ts', 'tsconfig.json', 'validate.mjs', 'agree.mjs', 'schemas.mjs', 'bodies.json'):
        shutil.copy(HERE / name, work)


def must(what, *command):
    """Its output; None where it failed."""
    status, output, errors = run(*command)
    results.check(what, status == 0, f'status {status}\n{output}{errors}')
    return output if status == 0 else None


def count(*command):
    """Adds up what a program has counted."""
    _, output, errors = run(*command)
    closing = CLOSING.search(output)
    results.check('it has run to its end', closing, output + errors)
    if closing:
        results.passed += int(closing[1])
        results.failed += int(closing[2])
    print(output)


def test_document(node, work, name, program):
    text = must(f'{name} --openapi prints the document', program, '--openapi')
    if text is None:
        return
    file = work / f'{name}.json'
    file.write_text(text, encoding='utf-8')
    results.check(f'{name}: it is indented', text.startswith('{\n  "openapi": "3.1.0",\n'), text[:100])
    must(f'{name}: it is valid', node, work / 'validate.mjs', file)
    must(f'{name}: types are made of it', node, MODULES / 'openapi-typescript/bin/cli.js', file, '-o',
         work / f'{name}.d.ts')


def test_served(node, work, program):
    with Sample(program) as server:
        code, served, errors = run('curl', '--disable', '--silent', '--noproxy', '*', server.url('/openapi.json'))
        printed = json.loads((work / 'burgers.json').read_text(encoding='utf-8'))
        results.check('what is served is what is printed', code == 0 and json.loads(served) == printed, errors)
        count(node, work / 'client.js', server.url(''))


def test_broken(node, work):
    """The validator would say so if something was wrong."""
    document = json.loads((work / 'burgers.json').read_text(encoding='utf-8'))
    document['components']['schemas']['Order']['type'] = 'thing'
    file = work / 'broken.json'
    file.write_text(json.dumps(document), encoding='utf-8')
    status, output, _ = run(node, work / 'validate.mjs', file)
    results.check('a broken document is found out', status == 1 and 'Order' in output, output)


def main():
    node, npm, work, burgers, wide = sys.argv[1:]
    work = Path(work)
    install(npm)
    prepare(work)
    for name, program in (('burgers', burgers), ('wide', wide)):
        test_document(node, work, name, program)
    test_broken(node, work)
    if must('the types are TypeScript', node, MODULES / 'typescript/bin/tsc', '--project', work) is not None:
        test_served(node, work, burgers)
    with Sample(wide) as server:
        count(node, work / 'agree.mjs', server.url(''))
    return results.close()


if __name__ == '__main__':
    sys.exit(main())
