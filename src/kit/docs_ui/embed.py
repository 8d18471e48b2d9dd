"""Writes the files that the documentation's pages load as a C source, and the licences of those that are not ours.

embed.py SOURCE PACKAGES OUT.c LICENCES.txt

SOURCE is this folder, PACKAGES what scripts/lib/npm_ci.py fetched.
"""
import gzip
import hashlib
import re
import sys
from pathlib import Path

# The pages (enum gri_page), and what each loads, in order.
ASSETS = [
    ('GRI_PAGE_SWAGGER_UI', 'swagger-ui-dist/favicon-32x32.png'),
    ('GRI_PAGE_SWAGGER_UI', 'page.css'),
    ('GRI_PAGE_SWAGGER_UI', 'swagger-ui-dist/swagger-ui.css'),
    ('GRI_PAGE_SWAGGER_UI', 'swagger-ui-dist/swagger-ui-bundle.js'),
    ('GRI_PAGE_SWAGGER_UI', 'swagger-ui-init.js'),
    ('GRI_PAGE_OAUTH2_REDIRECT', 'swagger-ui-dist/oauth2-redirect.js'),
    ('GRI_PAGE_REDOC', 'page.css'),
    ('GRI_PAGE_REDOC', 'redoc/bundles/redoc.standalone.js'),
    ('GRI_PAGE_REDOC', 'redoc-init.js'),
]
LICENCES = [
    'swagger-ui-dist/LICENSE',
    'swagger-ui-dist/NOTICE',
    'swagger-ui-dist/swagger-ui-bundle.js.LICENSE.txt',
    'redoc/LICENSE',
    'redoc/bundles/redoc.standalone.js.LICENSE.txt',
    'redoc/bundles/d87bcbdbea8f8f5aa26f.worker.js.LICENSE.txt',
]
CONTENT_TYPES = {'.css': 'text/css; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.png': 'image/png'}

# What would be asked of another host, or is not there: a pattern, what takes its place, and how often it is found.
EDITS = {
    'swagger-ui-dist/swagger-ui.css': [(rb'\s*/\*# sourceMappingURL=\S+\*/\s*', b'\n', 1)],
    'redoc/bundles/redoc.standalone.js': [(rb'\s*//# sourceMappingURL=\S+\s*$', b'\n', 1),
                                          (rb'https://cdn\.redoc\.ly/redoc/logo-mini\.svg', b'data:,', 1)],
}


def edited(name, data):
    for pattern, replacement, wanted in EDITS.get(name, []):
        data, found = re.subn(pattern, replacement, data)
        if found != wanted:
            sys.exit(f'{name}: {pattern.decode()} is found {found} times, not {wanted}')
    return data


def find(source, packages, name):
    return (packages if '/' in name else source) / name


def struct_of(page, path, data, number):
    """The initialiser of a struct gri_asset: the hash in the name lets clients keep the file for good."""
    digest = hashlib.sha256(data).hexdigest()[:16]
    return (f'{{{page}, "{path.stem}-{digest}{path.suffix}", "{CONTENT_TYPES[path.suffix]}",\n     '
            f'"\\"{digest}\\"", "\\"{digest}-gzip\\"", data_{number}, sizeof data_{number}, {len(data)}}}')


def c_source(source, packages):
    arrays, structs = [], []
    for number, (page, name) in enumerate(ASSETS):
        path = find(source, packages, name)
        data = edited(name, path.read_bytes())
        packed = gzip.compress(data, 9, mtime=0)
        arrays.append(f'static const unsigned char data_{number}[] = {{{",".join(map(str, packed))}}};\n')
        structs.append('    ' + struct_of(page, path, data, number) + ',\n')
    return ('#include "kit/docs.h"\n\n' + ''.join(arrays) + '\nconst struct gri_asset gri_assets[] = {\n' +
            ''.join(structs) + f'}};\nconst size_t gri_n_assets = {len(structs)};\n')


def licences(packages):
    parts = ['The pages of the documentation hold Swagger UI and ReDoc, which hold others.']
    for name in LICENCES:
        parts.append(f'--- {name} ---\n\n' + (packages / name).read_text(encoding='utf-8').strip())
    return '\n\n'.join(parts) + '\n'


def main():
    source, packages, out, licence = map(Path, sys.argv[1:])
    out.write_text(c_source(source, packages), encoding='ascii')
    licence.write_text(licences(packages), encoding='utf-8')


if __name__ == '__main__':
    main()
