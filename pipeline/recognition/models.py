"""The models of rapidocr that come with its package: where text is, and what it says."""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Sequence
from importlib import metadata
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import cv2
import numpy as np

from pipeline.recognition.pictures import Grey

ENGINES = ("rapidocr", "onnxruntime", "opencv-python-headless", "numpy", "pillow", "pypdfium2")
"""Distributions on whose versions a reading depends."""

TALLEST = 1280
"""Text is looked for in strips of a page that are not higher than this, in pixels of a page that is `WIDEST` wide."""

WIDEST = 960
"""Pages are made so narrow to find text in them, in pixels; to read it they are not."""


_HAN = r"[\u3007\u3400-\u9fff]"
_WIDE = str.maketrans("(),;:?!", "（），；：？！")
_BRACKETS = str.maketrans("()", "（）")
_BESIDE_HAN = re.compile(rf"[()](?=\s*{_HAN})|(?<={_HAN})[()]|(?<={_HAN})[,;:?!](?={_HAN})")
_HALF_A_PAIR = re.compile(r"\([^()（）]*）|（[^()（）]*\)")


class Said(NamedTuple):
    """What a model reads in a picture of a line, and how sure it is, 0 to 1."""

    text: str
    confidence: float


def versions() -> dict[str, str]:
    """The versions of what reads. PackageNotFoundError where text recognition is not installed."""
    return {name: metadata.version(name) for name in ENGINES}


class Models:
    """The models, loaded once."""

    def __init__(self) -> None:
        import rapidocr

        logging.getLogger("RapidOCR").setLevel(logging.ERROR)
        folder = Path(rapidocr.__file__).parent / "models"
        # One thread: results do not depend on the machine, and processes side by side do more than threads.
        engine = rapidocr.RapidOCR(
            params={
                "Global.log_level": "error",
                "EngineConfig.onnxruntime.intra_op_num_threads": 1,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                "Det.model_path": str(next(folder.glob("*_det_*.onnx"))),
                "Rec.model_path": str(next(folder.glob("*_rec_*.onnx"))),
                "Det.limit_side_len": 320,
                "Rec.rec_img_shape": [3, 48, 96],
                "Rec.rec_batch_num": 8,
            }
        )
        self.detector: Any = engine._load_det_model()
        self.recogniser: Any = engine._load_rec_model()

    def places(self, grey: Grey) -> list[Any]:
        """Where lines of text stand: four corners each, from the top left clockwise."""
        factor = min(1.0, WIDEST / min(grey.shape))
        small = cv2.resize(grey, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) if factor < 1 else grey
        found: list[Any] = []
        for top, bottom in _strips(small):
            result = self.detector(cv2.cvtColor(small[top:bottom], cv2.COLOR_GRAY2BGR))
            if result.boxes is not None:
                found.extend(np.add(np.asarray(box, dtype=np.float64), (0, top)) / factor for box in result.boxes)
        return found

    def read(self, crops: Sequence[Grey]) -> list[Said]:
        """What each picture of a line says."""
        from rapidocr.ch_ppocr_rec.typings import TextRecInput

        if not crops:
            return []
        result = self.recogniser(
            TextRecInput(img=[cv2.cvtColor(crop, cv2.COLOR_GRAY2BGR) for crop in crops], return_word_box=False)
        )
        return [
            Said(typeset(text.strip()), float(score)) for text, score in zip(result.txts, result.scores, strict=True)
        ]


def typeset(text: str) -> str:
    """Text with the signs beside Chinese characters as wide as Chinese type sets them, which no model can tell."""
    wide = _BESIDE_HAN.sub(lambda sign: sign[0].translate(_WIDE), text)
    return _HALF_A_PAIR.sub(lambda pair: pair[0].translate(_BRACKETS), wide)


@functools.cache
def loaded() -> Models:
    """The models of this process."""
    return Models()


def _strips(grey: Grey) -> list[tuple[int, int]]:
    """A page in strips of about the same height that end where little ink is."""
    height = grey.shape[0]
    count = -(-height // TALLEST)
    ends = [0]
    for number in range(1, count):
        first = height * number // count - TALLEST // 8
        light = grey[first : first + TALLEST // 4].min(axis=1).astype(np.int32)
        ends.append(first + int(light.argmax()) + 1)
    return list(pairwise([*ends, height]))
