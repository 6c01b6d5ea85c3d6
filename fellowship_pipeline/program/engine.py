"""What makes tables, as program.yaml says it.

Belongs here: where Spark is, and its parts. Does not belong here: any work of it (``fellowship_pipeline/engine``).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, Tag, model_validator

from fellowship_pipeline.home import Home
from fellowship_pipeline.program.mistakes import wrong
from fellowship_pipeline.program.types import Positive, SettingsSection, Text


def _of(*kinds: str) -> Callable[[str], str]:
    def check(address: str) -> str:
        if not address.startswith(kinds):
            raise wrong(f"expected an address that begins with {' or '.join(kinds)}, found '{address}'")
        return address

    return check


class Spark(SettingsSection):
    """Where Spark is."""

    remote: Annotated[str, AfterValidator(_of("sc://"))] | None = Field(
        default=None, description="A server of Spark Connect, such as sc://HOST:15002; this machine needs no Java."
    )
    master: Annotated[str, AfterValidator(_of("spark://", "local["))] | None = Field(
        default=None, description="A cluster of Spark's own, such as spark://HOST:7077; local[2]: this machine."
    )
    storage: Text | None = Field(
        default=None,
        description="A folder that workers and this machine have at the same path, for what is sent to parts and what "
        "stays there. Without it HOME/warehouse/parts.",
    )
    parts: Positive | None = Field(
        default=None, description="In how many parts tables are made; without it one per 500,000 rows, 8 at least."
    )

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.remote is None) == (self.master is None):
            raise wrong("name one of remote and master", "remote" if self.remote else "master")
        return self

    @property
    def address(self) -> str:
        """Where it answers."""
        return self.remote or self.master or ""

    def folder(self, home: Home) -> Path:
        """The folder of parts; another program's in the same storage are not in it."""
        return Path(self.storage) / home.path.resolve().name if self.storage else home.warehouse.parent / "parts"


NO_SPARK = "program.yaml names no Spark: write `engine: {spark: {master: 'local[2]'}}`, or where it is"


class OnSpark(SettingsSection):
    """Tables are made on Spark."""

    spark: Spark = Field(description="Where it is.")


def _says_where(value: object) -> object:
    if value == "spark":
        raise wrong("say where Spark is: `engine: {spark: {master: 'local[2]'}}`, or its address")
    return value


EngineSetting = Annotated[
    Annotated[Literal["duckdb"], Tag("word")] | Annotated[OnSpark, Tag("spark")],
    Discriminator(lambda value: "word" if isinstance(value, str) else "spark"),
    BeforeValidator(_says_where),
]
