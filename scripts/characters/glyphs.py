"""How characters look: every one drawn, and compared with every other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

PIXELS, SIDE, BLUR = 64, 32, 1.5
#: Each drawing becomes a vector of whole numbers of about this length. Products of such vectors stay below
#: 2**24, so that 32-bit floats add them up exactly, in whatever order a processor likes.
LENGTH = 4000


def vectors(characters: list[str], fonts: list[Path]) -> np.ndarray:
    """Draw characters twice in each font: in place, and stretched to the box of their ink."""
    drawn = [each for font in fonts for each in _drawn(characters, font)]
    joined = np.concatenate(drawn, axis=1)
    return np.rint(joined * np.float64(LENGTH / np.sqrt(len(drawn)))).astype(np.float32)


def likeness(vector: np.ndarray, start: int, stop: int) -> np.ndarray:
    """The cosine of each drawing from start to stop with every drawing."""
    return (vector[start:stop] @ vector.T).astype(np.float64) / LENGTH**2


def _drawn(characters: list[str], path: Path) -> tuple[np.ndarray, np.ndarray]:
    font = ImageFont.truetype(str(path), PIXELS, index=2, layout_engine=ImageFont.Layout.BASIC)
    if not str(font.getname()[0]).endswith("SC"):
        raise SystemExit(
            f"{path.name}: its third face is {font.getname()[0]}, not one for simplified Chinese"
        )
    side = PIXELS + PIXELS // 4
    placed, boxed = [], []
    for character in characters:
        image = Image.new("L", (side, side))
        ImageDraw.Draw(image).text((side // 2, side // 2), character, font=font, fill=255, anchor="mm")
        box = image.getbbox()
        if box is None:
            raise SystemExit(f"{path.name} has no {character!r}")
        stretched = image.crop(box).resize((PIXELS, PIXELS), Image.Resampling.BILINEAR)
        for each, rows in ((image, placed), (stretched, boxed)):
            small = each.filter(ImageFilter.GaussianBlur(BLUR)).resize((SIDE, SIDE), Image.Resampling.BOX)
            rows.append(np.asarray(small, dtype=np.float64).ravel())
    return _unit(np.stack(placed)), _unit(np.stack(boxed))


def _unit(matrix: np.ndarray) -> np.ndarray:
    apart = matrix - matrix.mean(axis=0)
    return apart / np.sqrt((apart * apart).sum(axis=1, keepdims=True))
