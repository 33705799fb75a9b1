"""Staff look something up by keyboard alone, and every page beside the chat is held against axe-core, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect

from knowledge import Plan

PHONE: ViewportSize = {"width": 360, "height": 640}
NARROW: ViewportSize = {"width": 320, "height": 640}
LAPTOP: ViewportSize = {"width": 1280, "height": 800}
PAGES = [
    "/plan", "/plan?view=both", "/plan/2", "/plan/2D", "/plan/1B", "/plan/1D.M2?view=both", "/plan/2D.M1", "/plan/2D.S1",
    "/plan/res_family_helpdesk", "/plan/ov_y1", "/plan/2D/brief", "/lookup", "/lookup?q=asistencia", "/lookup/measures",
    "/lookup/measures?numbers=pair&sort=way&desc=1", "/lookup/measures?q=xqzwkj",
]


class Desk:
    """A staff member's browser; `complaints` are what it wrote to the console, `foreign` requests that left the site."""

    def __init__(self, browser: Browser, url: str, **context: object) -> None:
        self.context = browser.new_context(**{"viewport": LAPTOP, "locale": "en-US", "reduced_motion": "reduce"} | context)  # type: ignore[arg-type]
        self.url, self.complaints, self.foreign = url, [], []  # type: ignore[var-annotated]
        self.page: Page = self.context.new_page()
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: None if request.url.startswith(url) else self.foreign.append(request.url))

    def open(self, path: str) -> Page:
        self.page.goto(self.url + path)
        return self.page

    def look_up(self, typed: str, path: str = "/lookup") -> Page:
        """Open the look-up, press "/" and type."""
        page = self.open(path)
        expect(page.locator("#look")).to_have_attribute("data-ready", "")
        page.keyboard.press("/")
        expect(page.get_by_role("combobox", name="plan")).to_be_focused()
        page.keyboard.type(typed)
        return page

    def close(self) -> None:
        """Fail where the browser complained or a request left the site."""
        self.context.close()
        assert self.complaints == [] and self.foreign == []


def options_of(page: Page) -> Locator:
    """The results of the look-up; the filters' options are options too."""
    return page.locator("#options").get_by_role("option")


@pytest.fixture
def desk(browser: Browser, site_url: str) -> Iterator[Desk]:
    """A laptop set to American English."""
    held = Desk(browser, site_url)
    yield held
    held.close()


def test_a_target_is_looked_up_by_keyboard_alone(desk: Desk) -> None:
    page = desk.look_up("graduation targ")
    options = options_of(page)
    expect(options.first).to_contain_text("93%")
    combobox = page.get_by_role("combobox", name="Look up the plan")
    expect(combobox).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowDown")
    expect(combobox).to_have_attribute("aria-activedescendant", "option-0")
    page.keyboard.press("ArrowDown")
    expect(combobox).to_have_attribute("aria-activedescendant", "option-1")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    expect(options.nth(0)).to_have_attribute("aria-selected", "false")
    page.keyboard.press("ArrowUp")
    expect(combobox).to_be_focused()
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/plan/1D.M2?lang=en")
    expect(page.get_by_role("img")).to_have_accessible_name("From 81.6% at the start to a goal of 93%. Latest known: over 85%. Start: 2020-21.")


def test_an_id_opens_with_enter(desk: Desk) -> None:
    page = desk.look_up("2d.m1")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"{desk.url}/plan/2D.M1?lang=en")


def test_what_is_found_is_announced_once_typing_pauses(desk: Desk) -> None:
    page = desk.look_up("attendance")
    expect(page.get_by_role("status")).to_have_text("14 results, the first 12 are shown")
    expect(page.get_by_role("combobox", name="plan")).to_have_accessible_description("Use the arrow keys to choose, Enter to open, Escape to close.")
    page.keyboard.press("ControlOrMeta+a")
    page.keyboard.type("suspension")
    expect(page.get_by_role("status")).to_have_text("1 result")


def test_escape_closes_then_clears(desk: Desk) -> None:
    page = desk.look_up("attendance")
    expect(options_of(page).first).to_be_visible()
    page.keyboard.press("Escape")
    combobox = page.get_by_role("combobox", name="plan")
    expect(combobox).to_have_attribute("aria-expanded", "false")
    expect(page.locator("#options")).to_be_hidden()
    expect(combobox).to_have_value("attendance")
    page.keyboard.press("Escape")
    expect(combobox).to_have_value("")


def test_words_that_nothing_has_are_asked_by_meaning(desk: Desk) -> None:
    page = desk.look_up("truancy")
    expect(page.get_by_role("status")).to_have_text("No part of the plan has these words. These are near in meaning.")
    expect(options_of(page)).to_have_count(1)


def test_filters_and_a_reload_keep_the_look_up(desk: Desk) -> None:
    page = desk.look_up("school")
    page.get_by_role("combobox", name="Kind").select_option("measure")
    page.get_by_role("combobox", name="Pillar").select_option("3")
    expect(options_of(page).first).to_contain_text("3A.M")
    page.reload()
    expect(page.get_by_role("combobox", name="plan")).to_have_value("school")
    expect(options_of(page).first).to_contain_text("3A.M")


def test_the_answer_and_the_link_are_copied(browser: Browser, site_url: str) -> None:
    desk = Desk(browser, site_url, permissions=["clipboard-read", "clipboard-write"])
    page = desk.look_up("2d.m1")
    page.get_by_role("button", name="Copy answer with source (Español)").press("Enter")
    expect(page.get_by_role("status")).to_have_text("The answer was copied.")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("Para 2026, menos estudiantes") and copied.endswith("/plan/2D.M1") and "Fuente: " in copied
    page.get_by_role("button", name="Copy link").press("Enter")
    expect(page.get_by_role("status")).to_have_text("The link was copied.")
    assert page.evaluate("navigator.clipboard.readText()") == "https://plan.example.org/plan/2D.M1"
    desk.close()


def test_the_slash_key_can_be_switched_off_and_stays_so(desk: Desk) -> None:
    page = desk.open("/lookup")
    page.get_by_label("The / key goes to the search box").uncheck()
    page.reload()
    expect(page.locator("#look")).to_have_attribute("data-ready", "")
    page.keyboard.press("/")
    expect(page.get_by_role("combobox", name="plan")).not_to_be_focused()


def test_a_slash_that_is_typed_stays_a_slash(desk: Desk) -> None:
    page = desk.look_up("a/b")
    expect(page.get_by_role("combobox", name="plan")).to_have_value("a/b")


def test_markup_is_looked_up_as_text(desk: Desk) -> None:
    page = desk.look_up("<img src=x onerror=document.title='taken'> attendance")
    expect(page.get_by_role("status")).not_to_be_empty()
    assert "taken" not in page.title() and page.locator("main img").count() == 0


def test_a_lost_server_is_said(browser: Browser, site_url: str) -> None:
    desk = Desk(browser, site_url)
    page = desk.open("/lookup")
    expect(page.locator("#look")).to_have_attribute("data-ready", "")
    desk.context.set_offline(True)
    page.keyboard.press("/")
    page.keyboard.type("school")
    expect(page.get_by_role("status")).to_have_text("The server could not be reached. Press Enter to search again.")
    desk.context.set_offline(False)
    page.keyboard.press("Enter")
    expect(options_of(page).first).to_be_visible()
    assert all("ERR_INTERNET_DISCONNECTED" in complaint for complaint in desk.complaints)
    desk.complaints.clear()
    desk.close()


def test_staff_without_javascript_look_up_and_sort(browser: Browser, site_url: str) -> None:
    desk = Desk(browser, site_url, java_script_enabled=False, locale="es-MX", viewport=PHONE)
    page = desk.open("/lookup")
    page.get_by_role("searchbox").fill("asistensia")
    page.get_by_role("button", name="Buscar").click()
    page.get_by_role("link", name="2D.M1").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("ausentismo crónico")
    page.get_by_role("link", name="Ver los dos idiomas lado a lado").click()
    expect(page.get_by_role("heading", level=2).filter(has_text="chronically absent")).to_be_visible()
    page.get_by_role("link", name="Medidas", exact=True).click()
    page.get_by_label("Números").select_option("pair")
    page.get_by_label("Orden").select_option("target")
    page.get_by_role("button", name="Aplicar").click()
    expect(page.get_by_role("status")).to_have_text("12 de 58 medidas")
    expect(page.get_by_role("rowheader").first).to_have_text("2C.M2")
    desk.close()


def test_a_table_is_downloaded(desk: Desk) -> None:
    page = desk.open("/lookup/measures?numbers=pair&lang=en")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download Excel").click()
    assert downloading.value.suggested_filename == "measures.xlsx"


def test_every_brief_prints_on_one_page(desk: Desk, plan: Plan) -> None:
    for node in plan.nodes.values():
        if node.kind in ("pillar", "priority") or node.id in ("2D.M1", "1D.M2", "2A.M2", "res_family_helpdesk"):
            printed = desk.open(f"/plan/{node.id}/brief").pdf(format="Letter")
            assert len(re.findall(rb"/Type\s*/Page\b(?!s)", printed)) == 1, node.id


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("language", ["en", "es"])
def test_axe_finds_nothing_and_nothing_overflows(browser: Browser, site_url: str, language: str, scheme: str) -> None:
    desk = Desk(browser, site_url, color_scheme=scheme, viewport=NARROW)
    axe = Axe()

    def hold(state: str) -> None:
        found = axe.run(desk.page)
        assert found.violations_count == 0, f"{state}: {found.generate_report()}"
        assert desk.page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), state

    for number, path in enumerate(PAGES):
        desk.page.set_viewport_size(LAPTOP if (number + (language == "es")) % 2 else NARROW)
        desk.open(f"{path}{'&' if '?' in path else '?'}lang={language}")
        hold(path)
    desk.page.locator(".help summary").click()
    hold("help")
    for typed in ("attendance", "res_family_helpdesk", "xqzw"):
        desk.look_up(typed, f"/lookup?lang={language}")
        expect(desk.page.get_by_role("status")).not_to_be_empty()
        hold(typed)
    desk.close()
    missing = Desk(browser, site_url, color_scheme=scheme, viewport=NARROW)
    missing.open(f"/plan/2D.M99?lang={language}")
    assert axe.run(missing.page).violations_count == 0
    missing.complaints = [text for text in missing.complaints if "404" not in text]
    missing.close()


def test_text_of_twice_the_size_still_fits(desk: Desk) -> None:
    for path in ("/plan", "/plan/1D.M2", "/lookup?q=attendance", "/lookup/measures"):
        page = desk.open(path)
        page.set_viewport_size(PHONE)
        page.evaluate("document.styleSheets[0].insertRule('html { font-size: 200% }')")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
