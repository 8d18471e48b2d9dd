#!/usr/bin/env python3
"""Compiles what must not compile, and its twin that must.

A case is a file in cases/ with one mistake between `#ifdef MISTAKE` and `#else`; the wrong line carries the comment
`mistake`. With -DMISTAKE the compiler has to refuse it: its first error is for that line, and says what `/* says: */` at
the head of the file has to be found in it, a regular expression. Without, it has to take the file under every warning we
know. No warning flag is given unless the file's first line says so: `/* flags: -Wall -Werror */`. Each is tried with
Griddle's headers in the source tree (-I) and as installed ones (-isystem).

messages/ keeps the text of typical mistakes, none over ten lines (13 of clang, which lists each macro on the way to the
line). It is compared word for word where the compiler is the one it was kept from, and otherwise by its length and by
the line it shows. --update writes it anew."""

import argparse
import concurrent.futures
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
KEPT_FROM = {"gcc": "12", "clang": "14"}
MAX_LINES = {"gcc": 10, "clang": 13}
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror"]
ENV = dict(os.environ, LC_ALL="C", GCC_COLORS="")


class Results:
    def __init__(self):
        self.passed = self.failed = 0
        self.lock = threading.Lock()

    def note(self, compiler, name, what, problem, text=""):
        with self.lock:
            print(f"{'FAIL' if problem else 'ok  '} {compiler:5} {name}: {what}")
            if problem:
                print(f"     {problem}\n{text}")
            self.failed += bool(problem)
            self.passed += not problem


def run(args):
    done = subprocess.run(args, env=ENV, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=HERE)
    return done.returncode, done.stdout


def jansson_flags():
    if not shutil.which("pkg-config"):
        return []
    code, text = run(["pkg-config", "--cflags", "jansson"])
    return text.split() if code == 0 else []


def compile_case(compiler, flags, include, file):
    with tempfile.TemporaryDirectory() as folder:
        return run([compiler, *flags, *include, "-c", "-o", os.path.join(folder, "out.o"), str(file)])


def normal(text):
    """Without folders, and without the line numbers of our headers, which move."""
    text = re.sub(r"[^\s]*griddle/(\w+\.h):\d+(:\d+)?", r"\1", text)
    text = re.sub(r"[^\s]*cases/(\w+\.c)", r"\1", text)
    text = re.sub(r"<scratch space>:\d+", "<scratch space>", text)
    text = re.sub(r"^ *\d* \| ?", "| ", text, flags=re.M)
    text = re.sub(r"(?m)^.*\d+ (errors?|warnings?)( and \d+ errors?)? generated\.\n", "", text)
    text = re.sub(r"(?m)^cc1: all warnings being treated as errors\n", "", text)
    return re.sub(r"(?m)[ \t]+$", "", text)


def shows(text, line):
    code = re.sub(r"\s*/\* mistake \*/", "", line).strip()
    return code in text


def mistake_line(file):
    lines = [line for line in file.read_text().splitlines() if "/* mistake */" in line]
    if len(lines) != 1:
        sys.exit(f"{file.name}: wants one line marked as the mistake")
    return lines[0]


def head_of(file, word):
    """What a comment at the head of the file says behind `word`, or None."""
    found = re.search(rf"^/\* {word}: (.*) \*/$", file.read_text(), re.M)
    return found.group(1) if found else None


def flags_of(file):
    return (head_of(file, "flags") or "").split()


def standard_of(file):
    return "-std=c11" if file.suffix == ".c" else "-std=c++17"


def statement_lines(file):
    """The numbers of the lines that the mistake's statement takes: a compiler may name the first or the last."""
    lines = file.read_text().splitlines()
    last = first = next(i for i, line in enumerate(lines, 1) if "/* mistake */" in line)
    while lines[first - 1].startswith("    ") and lines[first - 2].endswith((",", "(")):
        first -= 1
    return range(first, last + 1)


def first_error(text):
    """(file, line, what) of the first error, or None."""
    found = re.search(r"^(\S+?):(\d+)(?::\d+)?: (?:fatal )?error: (.*)$", text, re.M)
    return (pathlib.Path(found.group(1)).name, int(found.group(2)), found.group(3)) if found else None


def wrong_with(file, text):
    """What the first error lacks, or None."""
    said, error = head_of(file, "says"), first_error(text)
    if not said:
        return "wanted a `/* says: */` at its head"
    if not error or error[0] != file.name or error[1] not in statement_lines(file):
        return f"wanted the first error to be for the wrong line, got {error}"
    return None if re.search(said, error[2]) else f"wanted the first error to say: {said}"


def check_mistake(results, compiler, file, include, way):
    code, text = compile_case(compiler, [standard_of(file), *flags_of(file), "-DMISTAKE"], include, file)
    problem = None
    if code == 0:
        problem = "wanted an error"
    elif not shows(text, mistake_line(file)):
        problem = "wanted the message to show the wrong line"
    else:
        problem = wrong_with(file, text)
    results.note(compiler, file.stem, f"is refused ({way})", problem, text)
    return text


def check_twin(results, compiler, file, include, way):
    code, text = compile_case(compiler, [standard_of(file), *STRICT], include, file)
    results.note(compiler, file.stem, f"its twin is taken ({way})", "wanted no message" if code or text else None, text)


def check_message(results, compiler, version, file, text, update):
    kept = HERE / "messages" / f"{file.stem}.{compiler}.txt"
    if not kept.exists() and not (update and (HERE / "messages" / f"{file.stem}.gcc.txt").exists()):
        return
    lines = text.count("\n")
    text = normal(text)
    if update:
        kept.write_text(text)
    problem = None
    if lines > MAX_LINES[compiler]:
        problem = f"wanted at most {MAX_LINES[compiler]} lines, got {lines}"
    elif version == KEPT_FROM[compiler] and text != kept.read_text():
        problem = f"wanted\n{kept.read_text()}got"
    results.note(compiler, file.stem, f"its message ({lines} lines)", problem, text)


def check_cases(results, compiler, suffix, include_dir, extra, update):
    version = run([compiler, "-dumpversion"])[1].split(".")[0]

    def check_case(file):
        for way in ("-I", "-isystem"):
            include = [way, include_dir, *extra]
            text = check_mistake(results, compiler, file, include, way)
            if way == "-I": # under -isystem there would only be fewer warnings
                check_twin(results, compiler, file, include, way)
                check_message(results, compiler, version, file, text, update)

    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(check_case, sorted((HERE / "cases").glob(f"*{suffix}"))))


def check_cxx(results, compiler, include_dir, extra):
    for file in sorted(HERE.glob("*.cpp")):
        for std in ("c++17", "c++20"):
            code, text = compile_case(compiler, [f"-std={std}", *STRICT], ["-I", include_dir, *extra], file)
            results.note(compiler, file.stem, f"is taken as {std}", "wanted no message" if code or text else None, text)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--include", default=str(HERE.parents[1] / "include"), help="the folder of griddle.h")
    options.add_argument("--update", action="store_true", help="keep the present messages")
    options = options.parse_args()
    results = Results()
    extra = jansson_flags()
    found = [c for c in ("gcc", "clang") if shutil.which(c)]
    if not found:
        sys.exit("neither gcc nor clang is here")
    for compiler in found:
        check_cases(results, compiler, ".c", options.include, extra, options.update)
    for compiler in ("g++", "clang++"):
        if shutil.which(compiler):
            check_cases(results, compiler, ".cpp", options.include, extra, False)
            check_cxx(results, compiler, options.include, extra)
    print(f"{results.passed} passed, {results.failed} failed")
    return results.failed != 0


if __name__ == "__main__":
    sys.exit(main())
