"""Write the sheets of static/css/ from static_src/css/, without nesting and light-dark(), for older ward tablets.

    python static_src/build.py           write it
    python static_src/build.py --check   fail when the committed file differs

The typeface is cut once, from a copy of the package, with ``--font FILE.woff2`` (needs fonttools and brotli).
"""

import argparse
import sys
from importlib import import_module
from pathlib import Path

import lightningcss

HERE = Path(__file__).resolve().parent
SHEETS = HERE.parent / "static" / "css"
#: What every page needs; what pages opened from a mail do without.
NAMES = ("app.css", "plan.css")
FONT = HERE.parent / "static" / "fonts" / "source-sans-3.woff2"
BROWSERS = ["ios_saf 15.4", "safari 15.4", "chrome 105", "firefox 110"]

#: What Dutch, English and most names of Western Europe need, and the marks our pages use.
GLYPHS = (
    "U+0020-007E,U+00A0,U+00AB,U+00B0,U+00B7,U+00BB,U+00C4-00C7,U+00C9,U+00D6,U+00D8,U+00DC,U+00DF-00FF,"
    "U+2013,U+2014,U+2018,U+2019,U+201C,U+201D,U+2022,U+2026,U+20AC"
)


def sheet(name: str) -> str:
    return str(lightningcss.bundle_css(str(HERE / "css" / name), browsers_list=BROWSERS, minify=True))


def cut_font(source: str) -> None:
    subset = import_module("fontTools.subset")
    instancer = import_module("fontTools.varLib.instancer")
    font = import_module("fontTools.ttLib").TTFont(source)
    options = subset.Options()
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl", "tnum"]
    options.hinting = False
    options.flavor = "woff2"
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=subset.parse_unicodes(GLYPHS))
    cutter.subset(font)
    subset.save_font(instancer.instantiateVariableFont(font, {"wght": (400, 700)}), str(FONT), options)


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, fail when the file is not in step"
    )
    parser.add_argument("--font", metavar="FILE", help="cut the typeface from this file")
    choices = parser.parse_args()
    if choices.font:
        cut_font(choices.font)
    stale = [name for name in NAMES if (SHEETS / name).read_text() != sheet(name)]
    if choices.check and stale:
        print(f"{', '.join(stale)} not in step: run python static_src/build.py", file=sys.stderr)
    if not choices.check:
        for name in stale:
            (SHEETS / name).write_text(sheet(name))
    return int(choices.check and bool(stale))


if __name__ == "__main__":
    sys.exit(main())
