import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.redaction import redact

HOTLINES = frozenset({"2132413840", "911", "988"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("escriba a ana.lopez+x@correo.example.mx, por favor", "escriba a [email], por favor"),
        ("ana @ gmail.com", "[email]"),
        ("ana12345@lausd", "[email]"),
        ("(213) 555-0123", "[phone]"),
        ("213-555-0123.", "[phone]."),
        ("call 213.555.0123 now", "call [phone] now"),
        ("213 555 0123", "[phone]"),
        ("2135550123", "[phone]"),
        ("+1 (213) 555 0123", "[phone]"),
        ("1-213-555-0123 ext. 45", "[phone]"),
        ("+52 55 1234 5678", "[phone]"),
        ("+44 (0)20 7946 0958", "[phone]"),
        ("(55) 1234-5678", "[phone]"),
        ("55.1234.5678", "[phone]"),
        ("2 1 3 5 5 5 0 1 2 3", "[phone]"),
        ("2.1.3.5.5.5.0.1.2.3", "[phone]"),
        ("011 52 55 1234 5678", "[phone]"),
        ("213\u2011555\u20110123", "[phone]"),
        ("tel213-555-0123", "tel[phone]"),
        ("12135550123", "[phone]"),
        ("1213 555_0123", "[phone]"),
        ("001 213 555 0123", "[phone]"),
        ("in 2023 213-555-0123", "in 2023 [phone]"),
        ("555-0123", "[number]"),
        ("555.0123", "[number]"),
        ("213)555-0123", "[phone]"),
        ("213, 555, 0123", "[phone]"),
        ("213,555,0123", "[phone]"),
        ("(213)   555    0123", "[phone]"),
        ("123-45-6789", "[number]"),
        ("4111 1111 1111 1111", "[number]"),
        ("4111 2012 1234 5678", "[number]"),
        ("id 12345", "id [number]"),
        ("ID061589M012", "ID[number]"),
        ("123 45 67", "[number]"),
        ("12345abc", "[number]abc"),
        ("2022-99999", "[number]"),
    ],
)
def test_identifiers_are_replaced(text: str, expected: str) -> None:
    assert redact(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "2D and 2D.M1, 2D.M1 2023, 2D.M12 2022-26",
        "2022-26, 2021-22, 2022-2026, 2022\u201326, 1999-00, FY2023-24, 2022 - 2026, 2022-23 2023-24",
        "in 2023 45 schools; May 5 2023; 2023 5th grade; 2021 2022 2023 2024",
        "45%, 45.5 %, 99.75%, 2023 45%",
        "$50,000,000 and 506 million and $14,000.50 and $50000 and 237,000 and 14,000 2024",
        "14.000 estudiantes, 237.000 2024, $1.250.000,50",
        "1,234,567,890",
        "grades 6-8, 9-12 at 8:30, call 911 or 988",
        "[email] [phone] [number]",
        "",
    ],
)
def test_public_numbers_stay(text: str) -> None:
    assert redact(text) == text


@pytest.mark.parametrize(
    "text",
    ["213-241-3840", "(213) 241-3840", "2132413840", "+1 213.241.3840", "1 213 241 3840", "2 1 3 2 4 1 3 8 4 0"],
)
def test_kept_numbers_stay(text: str) -> None:
    assert redact(f"llame al {text} hoy", HOTLINES) == f"llame al {text} hoy"
    assert "[phone]" in redact(f"llame al {text} hoy")


def test_a_kept_number_does_not_shield_its_neighbour() -> None:
    assert redact("213-241-3840 213-555-0123", HOTLINES) == "213-241-3840 [phone]"


SEPARATORS = st.sampled_from(["", " ", "-", ".", "/", " - ", "  ", "    ", "\u00a0", "\u2013", "\u2011", "_", "\u2212"])


@given(
    digits=st.text("0123456789", min_size=10, max_size=10),
    prefix=st.sampled_from(["", "1", "+1", "1-", "+1 ", "001 "]),
    brackets=st.booleans(),
    first=SEPARATORS,
    second=SEPARATORS,
    around=st.sampled_from([("", ""), ("tel ", " ok"), ("Mi número es ", "."), ("2022-26 ", ""), ("", ", 2D.M1")]),
)
@settings(max_examples=400)
def test_no_ten_digit_phone_survives(
    digits: str, prefix: str, brackets: bool, first: str, second: str, around: tuple[str, str]
) -> None:
    area = f"({digits[:3]})" if brackets else digits[:3]
    if first == "." and second.strip() == "" and digits[4:6] == "00" and digits[6:8] in {"19", "20"}:
        return  # reads as an amount in thousands and a year
    cleaned = redact(f"{around[0]}{prefix}{area}{first}{digits[3:6]}{second}{digits[6:]}{around[1]}")
    context = sum(char.isdigit() for part in around for char in part)
    assert sum(char.isdigit() for char in cleaned) <= context + len(prefix)
    assert "[" in cleaned


@given(digits=st.text("0123456789", min_size=5, max_size=40))
def test_no_unbroken_long_number_survives(digits: str) -> None:
    assert not any(char.isdigit() for char in redact(f"id {digits} fin"))


@given(st.text() | st.text("0123456789 -.()+,%$@[]axDM\n", max_size=60))
@settings(max_examples=400)
def test_idempotent(text: str) -> None:
    once = redact(text)
    assert redact(once) == once


@given(st.text().filter(lambda text: "@" not in text and not any(char.isdecimal() for char in text)))
def test_text_without_digits_and_at_is_unchanged(text: str) -> None:
    assert redact(text) == text
