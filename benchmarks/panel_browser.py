"""What a person waits for, measured inside Chromium's page by its own clock.

`python -m benchmarks.panel_browser NAME JSON` is one measurement, in a process of its own.
"""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

from benchmarks.process import ROOT
from tests.browser.support import Browser, Server, serving, settled

# A page is there when its script has ended, nothing old stands on it, and a chart has its traces.
_SHOWN = """
const main = '[data-testid=stMain] ';
const shown = charted =>
  document.querySelector('[data-testid=stApp][data-test-script-state=notRunning]')
  && !document.querySelector(main + '[data-stale=true]')
  && (!charted || document.querySelector(
    main + '.js-plotly-plot .trace, ' + main + '.js-plotly-plot .point'
  ));
const heading = tag => [...document.querySelectorAll(tag)].map(found => found.textContent.trim());
const button = (tag, label) =>
  [...document.querySelectorAll(tag)].find(found => found.textContent.trim() === label);
const when = condition => new Promise((done, failed) => {
  const late = performance.now() + 60_000;
  const look = () => {
    if (condition()) done(performance.now());
    else if (performance.now() > late) failed(new Error('It did not come within a minute.'));
    else requestAnimationFrame(look);
  };
  look();
});
"""
_SWITCH = f"""
async ([title, charted]) => {{
  {_SHOWN}
  const started = performance.now();
  button('a', title).click();
  return await when(() => heading(main + 'h1').includes(title) && shown(charted)) - started;
}}
"""
_CLICK = f"""
async ([label, text]) => {{
  {_SHOWN}
  const started = performance.now();
  button(main + 'button', label).click();
  const told = () => heading('h2, h3').some(found => found.startsWith(text));
  return await when(told) - started;
}}
"""
_LOADED = f"""async () => {{ {_SHOWN} return await when(() => shown(true)); }}"""
_PAUSE_MS = 1_000  # a person looks before going on, and what was kept for a moment is asked anew


def switches(home: str, script: str, titles: dict[str, bool], rounds: int) -> dict[str, Any]:
    """Milliseconds of each switch, by the page's title, going around the pages.

    Args:
        titles: Of the pages; whether each has a chart, which is waited for.
    """
    found: dict[str, list[float]] = {title: [] for title in titles}
    with _opened(home, script) as (_, browser, url):
        page = browser.page(url)
        settled(page)
        first, *others = titles
        for title in [*others, first] * rounds:
            page.wait_for_timeout(_PAUSE_MS)
            found[title].append(float(page.evaluate(_SWITCH, [title, titles[title]])))
        return {"ms": found, "hosts": _hosts(browser)}


def clicks(
    home: str, script: str, path: str, labels: list[list[str]], rounds: int
) -> dict[str, Any]:
    """Milliseconds of clicks on buttons, each until a heading begins with a text.

    Args:
        labels: Of each button in turn its label, and the text.
    """
    found: list[float] = []
    with _opened(home, script) as (_, browser, url):
        page = browser.page(f"{url}/{path}")
        settled(page)
        for label, text in labels * rounds:
            page.wait_for_timeout(_PAUSE_MS)
            found.append(float(page.evaluate(_CLICK, [label, text])))
            settled(page)
        return {"ms": found, "hosts": _hosts(browser)}


def first_load(home: str, script: str) -> dict[str, Any]:
    """Milliseconds from the address until the first chart, on a server that just answers."""
    with _opened(home, script) as (_, browser, url):
        page: Page = browser.page(url)
        return {"ms": float(page.evaluate(_LOADED)), "hosts": _hosts(browser)}


@contextmanager
def _opened(home: str, script: str) -> Iterator[tuple[Server, Browser, str]]:
    """A server that has just started on a home, and a browser with nothing in it."""
    with (
        tempfile.TemporaryDirectory(prefix="panel-") as folder,
        sync_playwright() as playwright,
        serving(Path(folder), script=ROOT / script, MRHEALTH_HOME=home) as server,
    ):
        browser = Browser(playwright.chromium, Path(folder))
        try:
            yield server, browser, server.url
        finally:
            browser.close()


def _hosts(browser: Browser) -> list[str]:
    """Hosts that pages asked for anything; the browser is closed for it."""
    browser.close()
    browser.contexts.clear()
    return sorted(browser.hosts())


TASKS: dict[str, Callable[..., dict[str, Any]]] = {
    function.__name__: function for function in (switches, clicks, first_load)
}

if __name__ == "__main__":
    print(json.dumps(TASKS[sys.argv[1]](**json.loads(sys.argv[2]))))
