"""Rule sets as data: one file for each jurisdiction, named after it. None is legal advice; a clinic adopts each."""

from importlib.resources import files


def shipped() -> dict[str, str]:
    """The text of every rule set that comes with the program, by jurisdiction."""
    found = (file for file in files(__name__).iterdir() if file.name.endswith(".toml"))
    return {
        file.name.removesuffix(".toml"): file.read_text("utf-8") for file in sorted(found, key=lambda one: one.name)
    }
