"""Text out of HTML: lines stay lines, what is unseen stays unseen, and nothing takes long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.hypertext import text_of
from tests.ingest.feeds.given import LONGEST_S


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("plain, 5 > 4", "plain, 5 > 4"),
        ("first<br>second<br/><br/>third", "first\nsecond\n\nthird"),
        ("<p>one <b>bold</b>\n word</p><p>2 &amp; 3 &lt;tags&gt;</p>", "one bold word\n\n2 & 3 <tags>"),
        ("seen<script>alert(1)</script><!-- not --> too<style>p {}</style>", "seen too"),
        ("<?xml version='1.0' encoding='windows-1251'?><p>Київ</p>", "Київ"),
        ("one\u00a0 two\t three\r\nfour", "one two three\nfour"),
        ("a\x07b &#7;c", "a b c"),
        ("", ""),
    ],
)
def test_what_a_reader_sees(fragment: str, text: str) -> None:
    assert text_of(fragment) == text


@pytest.mark.parametrize(
    "fragment",
    ["<div>" * 400_000, "<" * 2_000_000, "&amp;" * 400_000, "<!-- " * 400_000, "<p " + "a=b " * 500_000],
    ids=["deep", "angles", "entities", "comments", "attributes"],
)
def test_no_markup_takes_long(fragment: str) -> None:
    started = time.thread_time()
    text_of(fragment)
    assert time.thread_time() - started < LONGEST_S


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60) | st.text("<>&;#/ab \n!-", max_size=60))
def test_any_text_gives_text_that_can_be_sent(fragment: str) -> None:
    text_of(fragment).encode()
