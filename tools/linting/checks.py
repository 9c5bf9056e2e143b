"""The linters: the command of each, the one that repairs, and where it runs."""

from dataclasses import dataclass, field
from pathlib import Path

PRETTIER = (".css", ".js", ".cjs", ".json", ".md", ".scss", ".xml", ".yaml", ".yml")


@dataclass(frozen=True)
class Check:
    """A linter; with no command there is nothing for it to look at."""

    name: str
    command: list
    repair: list | None = None
    folder: str = "."
    environment: dict = field(default_factory=dict)


def all_checks(files, toolbox):
    return [
        *_python(files),
        *_odoo(files),
        *_engine(),
        *_web(files, toolbox),
        *_hooks(files),
        *_operations(files),
    ]


def _python(files):
    sources = files.ending(".py")
    return [
        Check(
            "ruff", ["ruff", "check", *sources], ["ruff", "check", "--fix", *sources]
        ),
        Check(
            "ruff-format",
            ["ruff", "format", "--check", *sources],
            ["ruff", "format", *sources],
        ),
    ]


def _odoo(files):
    addons = files.addons()
    translations = [
        name
        for addon in addons
        for name in files.ending(".po", ".pot", under=f"{addon}/i18n/")
    ]
    return [
        Check(
            "pylint-odoo-mandatory", ["pylint", "--rcfile=.pylintrc-mandatory", *addons]
        ),
        Check("pylint-odoo-optional", ["pylint", "--rcfile=.pylintrc", *addons]),
        Check("oca-odoo-module", ["oca-checks-odoo-module", *addons]),
        Check("oca-po", translations and ["oca-checks-po", *translations]),
    ]


def _engine():
    return [
        Check("mypy", ["mypy"]),
        Check("import-linter", ["lint-imports", "--no-cache"]),
    ]


def _web(files, toolbox):
    plugin = toolbox.modules / "@prettier/plugin-xml/src/plugin.js"
    prettier = ["prettier", f"--plugin={plugin}", "--log-level=warn"]
    formatted = files.ending(*PRETTIER)
    scripts = files.ending(".js", ".cjs")
    eslint = ["eslint", "--max-warnings=0", *scripts]
    return [
        Check(
            "prettier",
            [*prettier, "--check", *formatted],
            [*prettier, "--write", *formatted],
        ),
        Check("eslint", eslint, [*eslint, "--fix"]),
    ]


def _hooks(files):
    """The read-only ones of pre-commit-hooks, each on the files it is for."""
    python, xml = files.ending(".py"), files.ending(".xml")
    text = files.text()
    return [
        Check("debug-statements", ["debug-statement-hook", *python]),
        Check("docstring-first", ["check-docstring-first", *python]),
        Check("case-conflict", ["check-case-conflict", *files.all]),
        Check("executables", ["check-executables-have-shebangs", *_runnable(files)]),
        Check("merge-conflict", ["check-merge-conflict", "--assume-in-merge", *text]),
        Check("symlinks", files.links and ["check-symlinks", *files.links]),
        Check("xml", xml and ["check-xml", *xml]),
    ]


def _runnable(files):
    return [n for n in files.all if (files.root / n).stat().st_mode & 0o100]


def _operations(files):
    """Shell, containers, workflows and news."""
    scripts = files.shell_scripts()
    dockerfiles = [n for n in files.all if Path(n).name == "Dockerfile"]
    compose = files.ending("compose.yaml", under="docker/")
    proxy = files.ending(".conf", under="docker/nginx/")
    workflows = files.ending(".yml", ".yaml", under=".github/workflows/")
    schema = ["check-jsonschema", "--builtin-schema"]
    return [
        Check("shellcheck", ["shellcheck", "--external-sources", *scripts]),
        Check("hadolint", dockerfiles and ["hadolint", *dockerfiles]),
        Check("compose", compose and [*schema, "vendor.compose-spec", *compose]),
        Check("gixy", proxy and ["gixy", "--format=console", *proxy]),
        Check(
            "workflows", workflows and [*schema, "vendor.github-workflows", *workflows]
        ),
        Check("towncrier", ["towncrier", "build", "--draft", "--version=next"]),
    ]
