"""Names the functions that ask the locale and are called all the same: what a request gets depends on no locale.

locale_free.py OBJECTS... -- SOURCES...

OBJECTS are build folders of libraries' objects; the SOURCES are searched too, for what no object shows: inline functions
of public headers, and formats.
"""
import re
import subprocess
import sys
from pathlib import Path

# What is refused, and what to write instead.
REFUSED = {
    'strtod strtof strtold atof wcstod': 'gri_double_read() of schema/number.h reads numbers',
    'strtol strtoul strtoll strtoull strtoimax strtoumax atoi atol atoll scanf sscanf fscanf vscanf vsscanf vfscanf':
        'digits are read by gri_is_digit() of base/ascii.h, in a loop with a bound',
    'ctype_b_loc ctype_tolower_loc ctype_toupper_loc isalnum isalpha isblank iscntrl isdigit isgraph islower isprint '
    'ispunct isspace isupper isxdigit tolower toupper': 'base/ascii.h has functions of the same kind',
    'strcasecmp strncasecmp strcasestr': 'gri_str_is_nocase() and its like of base/str.h compare without case',
    'strcoll strxfrm wcscoll wcsxfrm': 'memcmp() orders bytes',
    'strftime wcsftime strptime asctime asctime_r ctime ctime_r getdate':
        'names of days and months are our own (src/http/http.c), numbers are gri_snprintf()\'s',
    'printf fprintf dprintf sprintf snprintf asprintf vprintf vfprintf vdprintf vsprintf vsnprintf vasprintf wprintf '
    'fwprintf swprintf syslog vsyslog err errx warn warnx error': 'base/print.h has the same in the C locale',
    'strerror strerror_r xpg_strerror_r strsignal perror psignal gai_strerror hstrerror gettext dgettext dcgettext':
        'gr_strerror() is English',
    'mblen mbtowc mbstowcs mbrtowc mbsrtowcs mbrlen wctomb wcstombs wcrtomb btowc wctob towlower towupper iswalpha '
    'iswctype wcwidth': 'base/utf8.h reads UTF-8',
    'regcomp regexec fnmatch glob wordexp': 'patterns are PCRE2\'s, with its built-in tables',
    'pcre2_maketables_8': 'PCRE2\'s built-in tables are those of the C locale',
    'setlocale localeconv nl_langinfo newlocale uselocale duplocale': 'the locale is the program\'s',
    'json_load json_loads json_loadb json_loadf json_loadfd json_load_file json_load_callback':
        'gri_json_parse(), or gr_json_read(), reads JSON',
    'json_dump json_dumps json_dumpb json_dumpf json_dumpfd json_dump_file json_dump_callback':
        'gri_json_write(), or gr_json_write(), writes JSON',
    'json_sprintf json_vsprintf': 'gri_buf_printf() makes the text',
}

# Who may: the object, what, and why.
PLAIN = 'written on public headers; its formats hold no number with a point, which is looked at here'
ALLOWED = {
    ('base/print.c', 'vsnprintf vfprintf vdprintf newlocale uselocale'): 'runs them in the C locale',
    ('base/error.c', 'newlocale'): 'for strerror_l(), where there is no strerrordesc_np()',
    ('fetch/client.c', 'newlocale uselocale'): 'runs libcurl in the C locale',
    ('fetch/client.c', 'fprintf'): PLAIN,
    ('fetch/depart.c', 'snprintf'): PLAIN,
    ('fetch/headers.c', 'snprintf'): PLAIN,
    ('fetch/names.c', 'snprintf'): PLAIN,
    ('fetch/redirect.c', 'snprintf'): PLAIN,
    ('fetch/response.c', 'snprintf'): PLAIN,
    ('kit/docs.c', 'snprintf'): PLAIN,
    ('kit/docs_page.c', 'fprintf'): PLAIN,
    ('security/jws.c', 'snprintf'): PLAIN,
    ('security/keys.c', 'vsnprintf'): PLAIN,
    ('security/password.c', 'fprintf'): PLAIN,
}

INSTEAD = {name: instead for names, instead in REFUSED.items() for name in names.split()}
MAY = {(source, name) for source, names in ALLOWED for name in names.split()}
FORMAT = re.compile(r'''"(?:[^"\\\n]|\\.)*%[-+ #0-9.*']*[lL]?[aefgAEFG](?:[^"\\\n]|\\.)*"''')
COMMENT = re.compile(r'/\*.*?\*/', re.S)


def plain(symbol):
    """The name as it is written in C: fortified and versioned ones have others."""
    return re.sub(r'^__(isoc\d\d_)?|_chk$', '', symbol)


def source_of(name):
    """build/lib.p/src_http_url.c.o: http/url.c; build/src/fetch/lib.p/client.c.o: fetch/client.c"""
    path = Path(name)
    stem = re.sub(r'\.o$', '', path.name)
    if stem.startswith('src_'):
        return stem.replace('src_', '', 1).replace('_', '/', 1)
    return f'{path.parent.parent.name}/{stem}'


def calls(folder):
    objects = sorted(Path(folder).glob('*.o'))
    if not objects:
        sys.exit(f'{folder}: no objects')
    out = subprocess.run(['nm', '-A', '-P', '-u', *map(str, objects)], capture_output=True, text=True, check=True).stdout
    for line in out.splitlines():
        name, symbol = re.match(r'(.*?): (\S+) ', line).groups()
        yield f'src/{source_of(name)}', (source_of(name), plain(symbol))


def in_sources(paths):
    """What headers call by name, and numbers with a point in formats of those who print by themselves."""
    prints = {f'src/{source}' for (source, _), why in ALLOWED.items() if why == PLAIN}
    for path in paths:
        text = COMMENT.sub('', Path(path).read_text(encoding='utf-8'))
        if path.startswith('include/'):
            for name in re.findall(r'\b(\w+)\(', text):
                if name in INSTEAD:
                    yield f'{path}: {name}(): {INSTEAD[name]}'
        elif path in prints:
            for hit in FORMAT.findall(text):
                yield f'{path}: {hit}: a number with a point has the locale\'s: {INSTEAD["printf"]}'


def main():
    split = sys.argv.index('--')
    found = [f'{source}: {key[1]}(): {INSTEAD[key[1]]}'
             for folder in sys.argv[1:split] for source, key in calls(folder) if key[1] in INSTEAD and key not in MAY]
    found += in_sources(sys.argv[split + 1:])
    print(*sorted(set(found)), sep='\n', end='\n' if found else '')
    sys.exit(bool(found))


if __name__ == '__main__':
    main()
