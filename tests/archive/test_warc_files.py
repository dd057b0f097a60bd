"""WARC files: written right, read by an independent library, checked for being whole, cut where torn."""

from __future__ import annotations

import base64
import contextlib
import hashlib
from pathlib import Path

import fastwarc.warc as fast
import pytest
from archive.making import exchange
from hypothesis import given, settings
from hypothesis import strategies as st
from warcio.archiveiterator import ArchiveIterator

from pipeline.archive import warc
from pipeline.archive.files import Files, archives
from pipeline.archive.reading import ArchiveError, TornRecordError, record_at, records


def write(folder: Path, *exchanges: warc.Exchange, size: int = 10**9) -> list[warc.Packed]:
    """One archive folder with the exchanges; its names are known to nobody else."""
    packed = [warc.pack(one) for one in exchanges]
    files = Files(folder, {}, lambda _: None, size=size, contact="tests@example.org")
    files.append([one.content for one in packed])
    files.close()
    return packed


@settings(max_examples=25, deadline=None)
@given(
    body=st.binary(max_size=3000),
    headers=st.lists(
        st.tuples(
            st.sampled_from([b"Content-Type", b"Content-Encoding", b"Transfer-Encoding", b"Content-Length", b"X-Name"]),
            st.sampled_from([b"text/html", b"gzip", b"chunked", b"17", b"\xd6\xd0\xce\xc4", b""]),
        ),
        max_size=6,
    ),
)
def test_another_library_reads_the_same_payload(
    tmp_path_factory: pytest.TempPathFactory, body: bytes, headers: list[tuple[bytes, bytes]]
) -> None:
    folder = tmp_path_factory.mktemp("warc")
    write(folder, exchange(body=body, headers=tuple(headers)))
    (path,) = archives(folder)
    found = []
    with open(path, "rb") as file:
        for record in fast.ArchiveIterator(file, parse_http=False):
            assert record.verify_block_digest()
            found.append(record.record_type)
    assert found == [fast.WarcRecordType.warcinfo, fast.WarcRecordType.response, fast.WarcRecordType.request]
    with open(path, "rb") as file:
        for record in fast.ArchiveIterator(file, record_types=fast.WarcRecordType.response):
            content = record.reader.read()
            assert content == body
            stated = record.headers["WARC-Payload-Digest"]
            assert stated == f"sha256:{hashlib.sha256(content).hexdigest()}"
    with open(path, "rb") as file:
        for one in ArchiveIterator(file, check_digests="raise"):
            assert one.rec_type != "response" or one.raw_stream.read() == body
    (ours,) = [record for record in records(path) if record.kind == "response"]
    message = ours.http()
    assert message is not None
    assert message.content() == body


def test_the_request_names_its_answer_and_fields_of_ours_survive(tmp_path: Path) -> None:
    write(tmp_path, exchange())
    info, answer, request = records(archives(tmp_path)[0])
    assert info.kind == "warcinfo"
    assert b"operator: tests@example.org" in info.block
    assert request.fields["warc-concurrent-to"] == answer.fields["warc-record-id"]
    assert answer.fields["gongkai-role"] == "report"
    assert answer.version == "WARC/1.1"
    assert answer.fields["warc-date"] == "2026-01-05T08:00:00.123456Z"


def test_files_are_rotated_by_size_and_every_record_is_found_by_its_place(tmp_path: Path) -> None:
    packed = [warc.pack(exchange(f"http://www.a.gov.cn/{n}", b"%d" % n * 500)) for n in range(12)]
    files = Files(tmp_path, {}, lambda _: None, size=2000)
    places = [place for one in packed for place in files.append([one.content])]
    lengths = dict(files.lengths)
    files.close()
    assert len({place.archive for place in places}) > 2
    assert {path.name: path.stat().st_size for path in archives(tmp_path)} == lengths
    for number, place in enumerate(places):
        assert record_at(tmp_path / place.archive, place.offset).address == f"http://www.a.gov.cn/{number}"


def test_a_torn_tail_is_never_read_as_whole(tmp_path: Path) -> None:
    write(tmp_path, exchange(body=bytes(range(256)) * 200), exchange("http://www.a.gov.cn/2", b"two" * 400))
    (path,) = archives(tmp_path)
    whole = path.read_bytes()
    kinds = ["warcinfo", "response", "request", "response", "request"]
    for length in range(1, len(whole), 97):
        path.write_bytes(whole[:length])
        found = []
        with contextlib.suppress(TornRecordError):
            found.extend(records(path))
        assert [record.kind for record in found] == kinds[: len(found)]
        for record, payload in zip(found[1::2], (bytes(range(256)) * 200, b"two" * 400), strict=False):
            message = record.http()
            assert message is not None
            assert message.payload == payload


def test_changed_bytes_are_noticed(tmp_path: Path) -> None:
    packed = warc.pack(exchange(body=b"57 items"))
    import gzip

    raw = gzip.decompress(packed.content)
    path = tmp_path / "changed.warc"
    path.write_bytes(raw.replace(b"57 items", b"75 items"))
    with pytest.raises(TornRecordError, match="digest"):
        list(records(path))


@pytest.mark.parametrize("extra", [1, 20, 5000])
def test_what_was_not_committed_is_cut_off_at_the_next_start(tmp_path: Path, extra: int) -> None:
    first, second = warc.pack(exchange(body=b"one")), warc.pack(exchange("http://www.a.gov.cn/2", b"two" * 2000))
    files = Files(tmp_path, {}, lambda _: None)
    files.append([first.content])
    committed = dict(files.lengths)
    files.append([second.content[:extra]])
    files.close()
    again = Files(tmp_path, committed, lambda _: None)
    (place,) = again.append([second.content])
    again.close()
    assert place.offset == committed[place.archive]
    assert [record.kind for record in records(archives(tmp_path)[0])] == ["warcinfo", *["response", "request"] * 2]


def test_a_file_that_was_announced_and_never_committed_is_begun_anew(tmp_path: Path) -> None:
    (tmp_path / "gongkai-000001.warc.gz").write_bytes(b"half a wa")
    files = Files(tmp_path, {"gongkai-000001.warc.gz": 0}, lambda _: None)
    files.append([warc.pack(exchange()).content])
    files.close()
    for path in archives(tmp_path):
        assert [record.kind for record in records(path)] == ["warcinfo", "response", "request"]


def test_a_file_that_lost_bytes_stops_the_crawl(tmp_path: Path) -> None:
    write(tmp_path, exchange())
    with pytest.raises(ArchiveError, match="database says"):
        Files(tmp_path, {"gongkai-000001.warc.gz": 10**6}, lambda _: None)


def test_digests_of_other_writers_hold_too(tmp_path: Path) -> None:
    from pipeline.archive.reading import digest_holds

    content = b"payload"
    sha1 = hashlib.sha1(content, usedforsecurity=False).digest()
    for stated in (
        f"sha1:{base64.b32encode(sha1).decode()}",
        f"SHA-1:{sha1.hex()}",
        f"sha256:{hashlib.sha256(content).hexdigest().upper()}",
        f"sha256:{base64.b32encode(hashlib.sha256(content).digest()).decode()}",
        "blake3:unknown",
    ):
        assert digest_holds(stated, content)
    assert not digest_holds(f"sha1:{base64.b32encode(bytes(20)).decode()}", content)
