#!/usr/bin/env python3
"""What --help offers, the man page describes, command by command, with the same letters and arguments, and nothing else;
the README uses only what there is; exit codes are the same everywhere; the man page is well formed. The order of
things and their wording are for people to judge."""
import sys

sys.dont_write_bytecode = True
import os
import re
import shlex
import shutil
import subprocess

import tap

ROOT = os.path.join(tap.TESTS, "..")
MANUAL, README = os.path.join(ROOT, "docs/tcplog.1"), os.path.join(ROOT, "README.md")
EVERYWHERE = {("h", "help", ""), ("", "version", "")}


def text_of(path):
    return tap.read(path).decode("utf-8") if os.path.exists(path) else None


def help_of(*command):
    return tap.run(*command, "--help").stdout.decode("utf-8")


def commands():
    listed = help_of().split("Commands:\n")[1].split("\n\n")[0]
    return [line.split()[0] for line in listed.splitlines()]


def offered(command):
    """{(letter, name, argument)} of --help."""
    rows = re.findall(r"^  (?:-(\w),|   ) --([\w-]+)(?: ?((?:\[=|[A-Z])[^ ]*))?", help_of(command), re.M)
    return {(letter, name, argument.replace("…", "...")) for letter, name, argument in rows}


def described(manual, command):
    """The same of the section of a command in the man page."""
    section = re.search(rf"^\.Ss tcplog {command}$(.*?)^\.S[sh] ", manual, re.M | re.S)
    rows = re.findall(r"^\.It (?:Fl (\w) , )?Fl -([\w-]+)(?: Ar (\S+)| Ns Op (= Ns Ar \S+))?$", section[1] if section else "", re.M)
    return {(letter, name, argument or optional and f"[={optional[8:]}]") for letter, name, argument, optional in rows}


def choices(command):
    """{option: words} of those options whose help begins with a list: "a or b", "a, b or c"."""
    rows = re.findall(r"^  (?:-\w,|   ) --([\w-]+) [A-Z]\S* +((?:[a-z3-]+, )*[a-z-]+ or [a-z-]+)(?=[;(]| \(|$)", help_of(command), re.M)
    return {name: re.split(r", | or ", words) for name, words in rows}


def choice_faults(manual, command):
    """Every choice that --help lists stands in the man page, below its option."""
    for name, words in choices(command).items():
        item = re.search(rf"^\.It [^\n]*Fl -{name}(?: [^\n]*)?$(.*?)^\.(?:It|El)", manual.split(f".Ss tcplog {command}\n")[1], re.M | re.S)
        known = set(re.findall(r"^\.Cm (\S+)", item[1], re.M))
        yield from (f"--{name}: {word} is not in the man page" for word in words if word not in known)


def manual_faults(manual, command):
    here, there = offered(command) - EVERYWHERE, described(manual, command)
    yield from (f"--help has {option}, the man page has not" for option in sorted(here - there))
    yield from (f"the man page has {option}, --help has not" for option in sorted(there - here))
    if not EVERYWHERE <= offered(command):
        yield "--help lacks --help or --version"


def calls(readme):
    """Words of every `tcplog COMMAND …` in the README's blocks of code, up to a pipe or a comment."""
    for block in re.findall(r"^```\w*\n(.*?)^```", readme, re.M | re.S):
        for line in re.findall(r"^(?:\$ )?(tcplog .*|.*/tcplog .*)$", block, re.M):
            yield shlex.split(re.split(r" [|#] ?", line)[0])


def readme_faults(readme, known):
    found = list(calls(readme))
    if not found:
        yield "the README shows no call"
    for words in found:
        names = {name for letter, long, _ in offered(words[1]) for name in (f"-{letter}", f"--{long}")} if words[1] in known else ()
        yield from (f"{' '.join(words)}: there is no {word}" for word in words[2:] if word.startswith("-") and word != "-" and word not in names)
        if words[1] not in known:
            yield f"{' '.join(words)}: there is no such command"


def exit_codes(manual, readme):
    said = help_of().split("Exit codes:")[1]
    return {
        "--help": {int(code) for code in re.findall(r"\b(\d+) [a-z]", said)},
        "the man page": {int(code) for code in re.findall(r"^\.It (\d+)$", manual, re.M)},
        "the README": {int(code) for code in re.findall(r"^\| (\d+) \|", readme, re.M)},
    }


TELLS = r'(?:\.id = |\bFAULT\(\w+, |\b(?:complain|mirror_complain|report_one)\([^";]*)"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?'


def ids_told():
    """Ids of problems in the source; "unknown" stands for one that nobody told."""
    files = [os.path.join(where, name) for top in ("src", "cmd") for where, _, names in os.walk(os.path.join(ROOT, top)) for name in names]
    texts = (re.sub(r"[\s\\\\]+", " ", text_of(file)) for file in files if file.endswith((".c", ".h")))
    return {id_ for text in texts for ids in re.findall(TELLS, text) for id_ in ids} - {"", "unknown"}


def ids_listed(manual):
    section = manual.split(".Sh DIAGNOSTICS\n")[1].split("\n.Sh ")[0]
    return [id_ for item in re.findall(r"^\.It (Li .*)$", section, re.M) for id_ in re.findall(r"Li ([a-z0-9-]+)", item)]


def id_faults(manual, readme):
    told, listed = ids_told(), ids_listed(manual)
    if len(told) < 50:
        yield f"only {len(told)} were found in the source"
    yield from (f"{id_} is not in the man page" for id_ in sorted(told - set(listed)))
    yield from (f"the man page has {id_}, the source has not" for id_ in sorted(set(listed) - told))
    yield from (f"{id_} is in the man page twice" for id_ in sorted({id_ for id_ in listed if listed.count(id_) > 1}))
    yield from (f"{id_} is not in the README" for id_ in sorted(told) if id_.startswith("archive-") and f"`{id_}`" not in readme)


def lint():
    if not shutil.which("mandoc"):
        return ["mandoc is not installed"]
    done = subprocess.run(["mandoc", "-T", "lint", "-W", "warning", MANUAL], capture_output=True, text=True, check=False)
    return done.stdout.splitlines()


def refusal_faults():
    """A bad value is told with the option that has it and where help is, by every command."""
    for command, option, *words in (("convert", "-j", "0", "."), ("convert", "--max-ratio", "0", "."), ("convert", "--max-depth", "33", "."),
                                    ("convert", "--lead", "x", "--untar", "-"), ("explain", "-j", "999999", "."), ("explain", "--width", "39", "."),
                                    ("cat", "--lines", "0", "x"), ("watch", "--idle", "x", "-o", "d", "."), ("validate", "--no-such"), ("schema", "--form", "x")):
        done = tap.run(command, option, *words)
        told = done.stderr.decode()
        if done.returncode != 2 or option.lstrip("-") not in told or not told.endswith(f"Try 'tcplog {command} --help'.\n"):
            yield f"{command} {option}: exit {done.returncode}: {told}"


def empty_faults():
    """No argument may be empty: a variable of a script that is not set is told before anything is done."""
    for command in commands():
        for _, name, argument in offered(command):
            if argument and not argument.startswith("["):
                done = tap.run(command, f"--{name}=", *(["x"] if command != "schema" else []))
                if done.returncode != 2 or done.stdout or f"--{name} " not in done.stderr.decode():
                    yield f"{command} --{name}=: exit {done.returncode}: {done.stderr.decode()}"


manual, readme = text_of(MANUAL), text_of(README)
tap.check("bad values are told in the same way", list(refusal_faults()))
tap.check("an empty argument is a bad value", list(empty_faults()))
tap.check("there is a man page", [] if manual else [f"{MANUAL} is missing"])
tap.check("there is a README", [] if readme else [f"{README} is missing"])
if manual and readme:
    for command in commands():
        tap.check(f"{command}: --help and the man page offer the same", list(manual_faults(manual, command)))
        tap.check(f"{command}: the man page has the choices", list(choice_faults(manual, command)))
    tap.check("--help lists choices", [] if {"format", "kind", "redact"} <= choices("convert").keys() else [choices("convert")])
    tap.check("the README calls only what there is", list(readme_faults(readme, commands())))
    codes = exit_codes(manual, readme)
    tap.check("exit codes are the same everywhere", [] if len(set(map(frozenset, codes.values()))) == 1 else [codes])
    tap.check("the man page lists the ids of all problems", list(id_faults(manual, readme)))
    tap.check("the man page is well formed", lint())
tap.end()
