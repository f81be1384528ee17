#!/usr/bin/env python3
"""Runs the tests that prove what was asked for, and writes the table of both. `--help` says how."""

import argparse
import re
import subprocess
import sys
import tomllib
import xml.etree.ElementTree as xml
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import product
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs/requirements.toml"
TABLE = ROOT / "docs/requirements.md"
JUNIT = ROOT / "target/nextest/requirements/junit.xml"

NOT_RUN = "not run"


@dataclass(frozen=True)
class Requirement:
    id: str
    text: str
    tests: list[str]
    commands: list[str]


@dataclass(frozen=True)
class Group:
    title: str
    requirements: list[Requirement]


class Fault(Exception):
    """Something that nobody can go on with."""


# --- The list ------------------------------------------------------------------------------------


def read_list(path: Path) -> list[Group]:
    groups = [
        Group(group["title"], [Requirement(**{"tests": [], "commands": []} | each) for each in group["requirement"]])
        for group in tomllib.loads(path.read_text(encoding="utf-8"))["group"]
    ]
    ids = [requirement.id for group in groups for requirement in group.requirements]
    if doubled := {id for id in ids if ids.count(id) > 1}:
        raise Fault(f"two requirements have the id {', '.join(doubled)}")
    for requirement in (requirement for group in groups for requirement in group.requirements):
        if not requirement.tests and not requirement.commands:
            raise Fault(f"{requirement.id}: nothing proves it")
        for test in requirement.tests:
            if test.count(" ") != 1:
                raise Fault(f"{requirement.id}: '{test}' is not a binary, a space, and a test")
    return groups


def expanded(test: str) -> list[str]:
    """`a::{b,c}::d` is a::b::d and a::c::d."""
    parts = re.split(r"\{([^}]*)\}", test)
    choices = [part.split(",") if index % 2 else [part] for index, part in enumerate(parts)]
    return ["".join(choice) for choice in product(*choices)]


# --- The run -------------------------------------------------------------------------------------


def filterset(tests: set[str]) -> str:
    """The expression of cargo-nextest for exactly these."""
    by_binary = defaultdict(list)
    for test in sorted(tests):
        binary, name = test.split(" ")
        by_binary[binary].append(f"test(={name})")
    return " | ".join(f"(binary_id(={binary}) & ({' | '.join(names)}))" for binary, names in by_binary.items())


def run(tests: set[str]) -> None:
    # A file of an earlier run must not speak for this one.
    JUNIT.unlink(missing_ok=True)
    command = ["scripts/with-test-services.sh", "cargo", "nextest", "run", "--workspace", "--locked"]
    # What fails is told below, by requirement.
    subprocess.run([*command, "--profile", "requirements", "-E", filterset(tests)], cwd=ROOT, check=False)
    if not JUNIT.exists():
        raise Fault("cargo nextest ran nothing; is it installed, and does the workspace compile?")


def read_results(path: Path) -> dict[str, bool]:
    """Whether each test that was run has passed, one that was tried again at last."""
    return {
        f"{case.get('classname')} {case.get('name')}": case.find("failure") is None and case.find("error") is None
        for case in xml.parse(path).iter("testcase")
        if case.find("skipped") is None
    }


# --- The table -----------------------------------------------------------------------------------


def result_of(requirement: Requirement, results: dict[str, bool] | None, commands: dict[str, str]) -> str:
    told = []
    if requirement.tests:
        tests = [each for test in requirement.tests for each in expanded(test)]
        passed = sum(results.get(test, False) for test in tests) if results is not None else 0
        told.append(NOT_RUN if results is None else f"{passed} of {len(tests)} passed")
    told += [f"`{command}`: {commands.get(command, NOT_RUN)}" for command in requirement.commands]
    return "<br>".join(told)


def table(groups: list[Group], results: dict[str, bool] | None, commands: dict[str, str]) -> str:
    lines = [
        "# What was asked for, and what proves it",
        "",
        "`make requirements` writes this page: it runs the tests that [requirements.toml](requirements.toml) names,",
        "and fails where one of them fails or does not exist. Tests are named as cargo-nextest names them;",
        "`{postgres,sqlite}` stands for two. A command is not run by it; its result is what was told to it.",
        "",
        f"{origin()}." if results is not None else "The tests were not run.",
    ]
    for group in groups:
        lines += ["", f"## {group.title}", "", "| requirement | proved by | result |", "|---|---|---|"]
        for requirement in group.requirements:
            proofs = [f"`{proof}`" for proof in requirement.tests + requirement.commands]
            result = result_of(requirement, results, commands)
            lines.append(f"| {requirement.text} | {'<br>'.join(proofs)} | {result} |")
    return "\n".join(lines) + "\n"


def origin() -> str:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
        return done.stdout.strip()

    commit = git("rev-parse", "--short", "HEAD") or "unknown"
    # The table itself does not count: a second run would otherwise find the first.
    changed = git("status", "--porcelain", "--untracked-files=no", "--", ".", f":!{TABLE.relative_to(ROOT)}")
    return f"The tests ran on {date.today()}, on the commit {commit}{' with changes' if changed else ''}"


# --- The whole -----------------------------------------------------------------------------------


def complain(groups: list[Group], results: dict[str, bool]) -> bool:
    found = False
    for requirement in (requirement for group in groups for requirement in group.requirements):
        for test in (each for test in requirement.tests for each in expanded(test)):
            if not results.get(test, False):
                found = True
                what = "it failed" if test in results else "there is no such test, or it is ignored"
                print(f"requirements: {requirement.id}: {test}: {what}", file=sys.stderr)
    return found


def arguments() -> argparse.Namespace:
    description = "Runs the tests that docs/requirements.toml names, and writes the table."
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--no-run", action="store_true", help="write the table without results of tests")
    parser.add_argument(
        "--result",
        action="append",
        default=[],
        metavar="COMMAND=TEXT",
        help="what came of a command, as in --result 'make coverage=96.4 %% of lines'",
    )
    return parser.parse_args()


def main() -> int:
    options = arguments()
    groups = read_list(LIST)
    requirements = [requirement for group in groups for requirement in group.requirements]
    commands = dict(result.partition("=")[::2] for result in options.result)
    if unknown := commands.keys() - {command for requirement in requirements for command in requirement.commands}:
        raise Fault(f"no requirement is proved by {', '.join(sorted(unknown))}")
    results = None
    if not options.no_run:
        run({each for requirement in requirements for test in requirement.tests for each in expanded(test)})
        results = read_results(JUNIT)
    TABLE.write_text(table(groups, results, commands), encoding="utf-8")
    print(f"requirements: {TABLE.relative_to(ROOT)} is written", file=sys.stderr)
    return int(results is not None and complain(groups, results))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (Fault, KeyError, TypeError, tomllib.TOMLDecodeError) as fault:
        sys.exit(f"requirements: {fault}")
