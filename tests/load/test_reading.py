"""Folders and files that cannot be loaded are refused in one line, before anything."""

import gzip

import pytest
import synthetic_crm
import synthetic_log

from load import shapes
from load.errors import LoadError
from load.findings import Findings


def read(folder):
    findings = Findings()
    return shapes.read(folder, findings), findings


def refusal(folder):
    with pytest.raises(LoadError) as caught:
        shapes.read(folder, Findings())
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_folder_of_no_known_shape(tmp_path):
    (tmp_path / "something.csv").write_text("a,b\n1,2\n")
    message = refusal(tmp_path)
    assert "bpic2012 (events.csv.gz)" in message
    assert "maven_crm (sales_pipeline.csv" in message


def test_no_folder(tmp_path):
    assert "is not a folder" in refusal(tmp_path / "nowhere")


def test_a_missing_column(tmp_path):
    header = synthetic_log.HEADER[:-1]
    synthetic_log.write(tmp_path, [row[:-1] for row in one_case()], header)
    assert "has no column resource" in refusal(tmp_path)


def test_an_empty_file(tmp_path):
    synthetic_crm.write(tmp_path, {"products.csv": []})
    assert "products.csv is empty" in refusal(tmp_path)


def test_a_header_without_rows(tmp_path):
    synthetic_log.write(tmp_path, [])
    assert "has a header but no rows" in refusal(tmp_path)


@pytest.mark.parametrize("keep", [0, 15, 60])
def test_a_broken_gzip(tmp_path, keep):
    """Not gzip at all, cut off in its head, cut off in the middle."""
    rows = synthetic_log.random_rows(seed=1, cases=40)
    path = synthetic_log.write(tmp_path, rows) / "events.csv.gz"
    whole = path.read_bytes()
    path.write_bytes(whole[:keep] or b"case,amount\n")
    assert "gzip" in refusal(tmp_path)


def test_text_that_is_not_utf8(tmp_path):
    synthetic_crm.write(tmp_path)
    (tmp_path / "products.csv").write_bytes(b"product\nCaf\xe9\n")
    assert "is not UTF-8" in refusal(tmp_path)


def test_a_mark_of_byte_order_and_windows_lines_are_fine(tmp_path):
    text = "\ufeff" + ",".join(synthetic_log.HEADER) + "\r\n"
    text += "".join(",".join(row) + "\r\n" for row in one_case())
    tmp_path.joinpath("events.csv.gz").write_bytes(gzip.compress(text.encode()))
    dataset, findings = read(tmp_path)
    assert [record.key for record in dataset.tables[-1].records] == ["bpic2012.case_a"]
    assert not findings.bad_rows


def one_case():
    return synthetic_log.case("a", [(0, "A_SUBMITTED", synthetic_log.ROBOT)])
