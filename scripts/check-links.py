#!/usr/bin/env python3
"""Checks that every relative link of every Markdown file leads somewhere: to a file of this repository, and to a
heading of it where the link names one. So does each {{#include}} of the book, and its table of contents names every
page. Addresses on the web are not asked: a check that needs a network fails for other people's faults."""

import re
import sys
from pathlib import Path
from urllib.parse import unquote

ROOT = Path(__file__).resolve().parent.parent
BOOK = ROOT / "docs"
# What a build or a running service leaves here is not part of the repository.
SKIPPED = {".git", "target", "data", "node_modules"}

FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})")
HEADING = re.compile(r"^ {0,3}#{1,6}\s+(.*?)\s*#*\s*$")
INCLUDE = re.compile(r"\{\{#(?:rustdoc_)?include ([^:}\s]+)(?::([\w-]+))?\}\}")
# [text](target), [text](<target>), ![text](target "title"), and [name]: target at the beginning of a line.
LINK = re.compile(r"\]\(\s*(?:<([^>]*)>|([^)\s]+))(?:\s+\"[^\"]*\")?\s*\)")
DEFINITION = re.compile(r"^ {0,3}\[[^\]]+\]:\s+<?([^\s>]+)>?")
ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def pages():
    """Every Markdown file, in a steady order."""
    found = (file for file in ROOT.rglob("*.md") if not SKIPPED.intersection(file.relative_to(ROOT).parts))
    return sorted(found)


def lines(page):
    """The lines of a page with their numbers, and whether each is inside a block of code."""
    fence = None
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        mark = FENCE.match(line)
        if fence is None and mark:
            fence = mark[1]
            yield number, line, True
        elif fence is not None:
            yield number, line, True
            if mark and mark[1].startswith(fence) and not line.strip(" `~"):
                fence = None
        else:
            yield number, line, False


def anchors(page, known={}):
    """The anchors that the headings of a page have, as GitHub and mdBook make them."""
    if page not in known:
        names = set()
        for _, line, code in lines(page):
            heading = None if code else HEADING.match(line)
            if not heading:
                continue
            text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1])
            slug = re.sub(r"[^\w\- ]", "", text.lower()).replace(" ", "-")
            name, copies = slug, 0
            while name in names:
                copies += 1
                name = f"{slug}-{copies}"
            names.add(name)
        known[page] = names
    return known[page]


def fault_of_link(page, target):
    """What is wrong with a link, or nothing."""
    if ELSEWHERE.match(target):
        return None
    path, _, anchor = target.partition("#")
    if path.startswith("/"):
        return "is no relative link"
    file = (page.parent / unquote(path)).resolve() if path else page
    if ROOT not in file.parents and file != ROOT:
        return "leads out of the repository"
    if not file.exists():
        return "leads nowhere"
    if anchor and file.suffix == ".md" and unquote(anchor) not in anchors(file):
        return "leads to no heading"
    return None


def fault_of_include(page, path, anchor):
    """What is wrong with an include, or nothing."""
    file = page.parent / path
    if not file.is_file():
        return "is no file"
    if anchor and not re.search(rf"\bANCHOR: {re.escape(anchor)}\s*$", file.read_text(encoding="utf-8"), re.MULTILINE):
        return "has no such anchor"
    return None


def faults_of_page(page):
    for number, line, code in lines(page):
        for path, anchor in INCLUDE.findall(line):
            if fault := fault_of_include(page, path, anchor):
                yield number, f"{path}:{anchor} {fault}"
        if code:
            continue
        # Code within a line is no link, but may be the text of one.
        line = re.sub(r"`[^`]*`", "", line)
        targets = [quoted or plain for quoted, plain in LINK.findall(line)] + DEFINITION.findall(line)
        for target in targets:
            if fault := fault_of_link(page, target):
                yield number, f"{target} {fault}"


def faults_of_contents():
    """The pages that the table of contents leaves out, or names twice."""
    contents = BOOK / "SUMMARY.md"
    named = [(BOOK / target).resolve() for _, target in LINK.findall(contents.read_text(encoding="utf-8"))]
    for page in sorted(BOOK.rglob("*.md")):
        if page != contents and named.count(page) != 1:
            yield f"{page.relative_to(ROOT)} is in the table of contents {named.count(page)} times"


def main():
    every = pages()
    complaints = [f"{page.relative_to(ROOT)}:{number}: {fault}" for page in every for number, fault in faults_of_page(page)]
    complaints += faults_of_contents()
    print("\n".join(complaints), file=sys.stderr, end="\n" if complaints else "")
    print(f"{len(every)} pages, {len(complaints)} faults")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
