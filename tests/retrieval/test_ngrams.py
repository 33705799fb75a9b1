import numpy as np
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st

from retrieval.ngrams import BUCKETS, Ngrams, unit_rows

FITTED = Ngrams.fit(["chronic absences fall", "ausentismo crónico", "safe schools", "bienestar de los niños"])


def likeness(one: str, other: str) -> float:
    rows = FITTED.transform([one, other])
    return float((rows[0] @ rows[1].T).toarray()[0, 0])


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_rows_have_length_one_or_are_empty(texts: list[str]) -> None:
    rows = FITTED.transform(texts)
    assert rows.shape == (len(texts), BUCKETS)
    lengths = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
    for row, length in zip(rows, lengths, strict=True):
        assert abs(length - 1) < 1e-4 if row.nnz else length == 0


@given(st.lists(st.text(), min_size=1, max_size=5))
def test_a_row_does_not_depend_on_its_neighbours(texts: list[str]) -> None:
    together = FITTED.transform(texts)
    for number, text in enumerate(texts):
        assert abs(together[number] - FITTED.transform([text])).sum() < 1e-5


def test_accents_and_case_make_no_difference() -> None:
    assert likeness("Bienestar del NIÑO", "bienestar del nino") > 0.999


def test_typos_stay_close_and_other_words_far() -> None:
    assert likeness("attendance", "attendence") > 0.4
    assert likeness("attendance", "attendence") > likeness("attendance", "budget") + 0.3


def test_rare_ngrams_weigh_more() -> None:
    fitted = Ngrams.fit(["school lunch", "school bus", "school garden"])
    common, rare = fitted.transform(["school"]).indices, fitted.transform(["garden"]).indices
    assert fitted.idf[rare].mean() > fitted.idf[common].mean()


def test_empty_rows_stay_empty() -> None:
    scaled = unit_rows(sp.csr_matrix(np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)))
    assert np.allclose(scaled.toarray(), np.array([[0.6, 0.8], [0.0, 0.0]]))
