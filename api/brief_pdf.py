"""The one-page brief of a node as PDF: English at the left, Spanish at the right, sources and address at the foot."""

from io import BytesIO
from xml.sax.saxutils import escape

from reportlab.graphics.shapes import Circle, Drawing, Polygon, Rect, String
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import LETTER
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, Frame, KeepInFrame, Paragraph, Spacer

from api.charts import scale_end
from api.figures import Step, steps
from api.plan_view import NodeView, view_node
from api.wording import wording
from knowledge.models import LOCALES, Locale, Measure, Node, Plan

ACCENT, INK, QUIET, LINE = HexColor("#0b5b5e"), HexColor("#2a241e"), HexColor("#675b4f"), HexColor("#d8cdbb")
WIDTH, HEIGHT = LETTER
MARGIN, GUTTER, HEAD, FOOT = 16 * mm, 9 * mm, 14 * mm, 20 * mm

_PLAIN = ParagraphStyle("plain", fontName="Helvetica", fontSize=9.5, leading=12.5, textColor=INK, spaceAfter=3)
_STYLES = {
    "plain": _PLAIN,
    "eyebrow": ParagraphStyle("eyebrow", _PLAIN, fontName="Helvetica-Bold", textColor=ACCENT, fontSize=9),
    "title": ParagraphStyle("title", _PLAIN, fontName="Times-Bold", fontSize=18, leading=21, spaceAfter=5),
    "sentence": ParagraphStyle("sentence", _PLAIN, fontName="Times-Bold", fontSize=13.5, leading=17, spaceAfter=5),
    "aside": ParagraphStyle("aside", _PLAIN, textColor=QUIET, fontSize=8.5, leading=11),
    "part": ParagraphStyle("part", _PLAIN, fontName="Times-Bold", fontSize=12, leading=15, spaceBefore=8),
    "foot": ParagraphStyle("foot", _PLAIN, textColor=QUIET, fontSize=7.5, leading=9.5),
}


def brief_pdf(plan: Plan, node: Node, address: str) -> bytes:
    """The brief of `node` as the bytes of a one-page letter-size PDF; long nodes are set smaller until they fit."""
    file = BytesIO()
    canvas = Canvas(file, pagesize=LETTER, lang="en", invariant=1)
    views = {locale: view_node(plan, node, locale) for locale in LOCALES}
    canvas.setTitle(_latin(f"{views['en'].label} / {views['es'].label}"))
    canvas.setAuthor("Puente")
    canvas.setSubject(_latin(plan.meta.title.en))
    _head(canvas, plan)
    column = (WIDTH - 2 * MARGIN - GUTTER) / 2
    tall = HEIGHT - 2 * MARGIN - HEAD - FOOT
    for number, locale in enumerate(LOCALES):
        frame = Frame(
            MARGIN + number * (column + GUTTER), MARGIN + FOOT, column, tall,
            leftPadding=0, rightPadding=0, topPadding=0, bottomPadding=0,
        )
        frame.addFromList([KeepInFrame(column, tall, _column(views[locale], node, locale, column), mode="shrink")], canvas)
    _foot(canvas, views["en"], address)
    canvas.showPage()
    canvas.save()
    return file.getvalue()


def _column(view: NodeView, node: Node, locale: Locale, width: float) -> list[Flowable]:
    words = wording("plan", locale)
    numbered = view.kind not in ("overview", "resource")
    story = [_paragraph(f"{view.kind_name} {view.id}" if numbered else view.kind_name, "eyebrow")]
    story.append(_paragraph(view.title, "sentence" if len(view.title) > 60 else "title"))
    if view.official_name:
        story.append(_paragraph(view.official_name, "aside"))
    if view.text:
        story.append(_paragraph(view.text))
    if isinstance(node, Measure) and (found := steps(node, locale)):
        story += [Spacer(0, 4), *(_track(step, width, wording("charts", locale)) for step in found)]
    story += [_labelled(detail.label, detail.text) for detail in view.details]
    story += [_labelled(words["gap"], gap) for gap in view.gaps]
    for group in view.groups:
        story.append(_paragraph(group.heading, "part"))
        for item in group.items:
            named = item.title if item.kind == "resource" else item.id
            story.append(_labelled(named, item.text if item.kind == "resource" else item.title, ""))
    return story


def _head(canvas: Canvas, plan: Plan) -> None:
    top = HEIGHT - MARGIN
    canvas.setFillColor(INK)
    canvas.setFont("Times-Bold", 12)
    canvas.drawString(MARGIN, top - 9, "Puente")
    canvas.setFillColor(QUIET)
    canvas.setFont("Helvetica", 8.5)
    canvas.drawRightString(WIDTH - MARGIN, top - 9, _latin(plan.meta.title.en))
    canvas.setStrokeColor(ACCENT)
    canvas.setLineWidth(1.5)
    canvas.line(MARGIN, top - 16, WIDTH - MARGIN, top - 16)


def _foot(canvas: Canvas, view: NodeView, address: str) -> None:
    both = [wording("plan", locale)["sources"] for locale in LOCALES]
    titles = "; ".join(source.title for source in view.sources)
    said = [_paragraph(f"{' / '.join(both)}: {titles}. {address}", "foot")]
    said += [_paragraph(wording("plan", locale)["restated"], "foot") for locale in LOCALES]
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.75)
    canvas.line(MARGIN, MARGIN + FOOT - 6, WIDTH - MARGIN, MARGIN + FOOT - 6)
    wide, tall = WIDTH - 2 * MARGIN, FOOT - 8
    frame = Frame(MARGIN, MARGIN, wide, tall, leftPadding=0, rightPadding=0, topPadding=2, bottomPadding=0)
    frame.addFromList([KeepInFrame(wide, tall - 4, said, mode="shrink")], canvas)


def _paragraph(text: str, style: str = "plain") -> Paragraph:
    return Paragraph(escape(_latin(text)), _STYLES[style])


def _labelled(label: str, text: str, mark: str = ":") -> Paragraph:
    named = f'<font color="#0b5b5e"><b>{escape(_latin(label))}{mark}</b></font>'
    return Paragraph(f"{named} {escape(_latin(text))}", _STYLES["plain"])


def _latin(text: str) -> str:
    """`text` with what the PDF's built-in fonts lack (all beyond Windows-1252) as "?"."""
    return text.encode("cp1252", "replace").decode("cp1252")


def _track(step: Step, width: float, words: dict[str, str]) -> Drawing:
    """A baseline and target on a track, as the pages draw it."""
    labelled = bool(step.target.label)
    drawing, y, top = Drawing(width, 33 if labelled else 23), 5, scale_end((step,))
    start, goal = (6 + (width - 12) * figure.value / top for figure in (step.baseline, step.target))
    said = f"{words['start']} {step.baseline.text}"
    if step.latest is not None:
        said += f" · {words['latest']} {step.latest.text}"
    bold, plain = {"fontName": "Helvetica-Bold", "fontSize": 8.5}, {"fontName": "Helvetica", "fontSize": 8.5}
    drawing.add(String(0, y + 8, _latin(said), fillColor=INK, **plain))
    if labelled:
        drawing.add(String(0, y + 19, _latin(step.target.label), fillColor=INK, **bold))
    aim = _latin(f"{words['goal']} {step.target.text}")
    drawing.add(String(width, y + 8, aim, textAnchor="end", fillColor=ACCENT, **bold))
    drawing.add(Rect(0, y - 2, width, 4, rx=2, ry=2, fillColor=LINE, strokeColor=None))
    drawing.add(Rect(min(start, goal), y - 2, abs(goal - start), 4, fillColor=ACCENT, strokeColor=None))
    corners = [goal, y + 4.5, goal + 4.5, y, goal, y - 4.5, goal - 4.5, y]
    drawing.add(Polygon(corners, fillColor=ACCENT, strokeColor=None))
    drawing.add(Circle(start, y, 3, fillColor=white, strokeColor=INK, strokeWidth=1.3))
    return drawing
