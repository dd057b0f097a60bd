"""Records: what `parsers.frozen` makes is a frozen dataclass in all that a user sees."""

import pickle
from dataclasses import FrozenInstanceError, dataclass, field, fields, replace

import pytest

from parsers.frozen import frozen, maker
from parsers.records import Issue


@frozen
class Pair:
    """Two of a kind."""

    left: int
    right: str = "r"


@dataclass(frozen=True, slots=True)
class Plain:
    left: int
    right: str = "r"


def test_a_record_is_equal_hashed_printed_replaced_and_pickled_like_a_dataclass() -> None:
    one = Pair(1)
    assert one == Pair(left=1, right="r") != Pair(2)
    assert hash(one) == hash(Plain(1))
    assert repr(one) == "Pair(left=1, right='r')"
    assert replace(one, right="x") == Pair(1, "x")
    assert pickle.loads(pickle.dumps(one)) == one
    assert [each.name for each in fields(one)] == ["left", "right"]
    assert type(one) is Pair
    assert not hasattr(one, "__dict__")


@pytest.mark.parametrize("record", [Pair(1), maker(Pair)(1), Issue(code="c"), maker(Issue)(code="c")])
def test_no_field_of_a_record_can_be_changed_or_added(record: Pair | Issue) -> None:
    for each in fields(record):
        with pytest.raises(FrozenInstanceError):
            setattr(record, each.name, 2)
        with pytest.raises(FrozenInstanceError):
            delattr(record, each.name)
    with pytest.raises((FrozenInstanceError, TypeError)):
        record.other = 2  # type: ignore[union-attr]


@pytest.mark.parametrize(("args", "kwargs"), [((), {}), ((1, "r", 3), {}), ((1,), {"other": 1})])
def test_wrong_arguments_are_refused(args: tuple[object, ...], kwargs: dict[str, object]) -> None:
    with pytest.raises(TypeError, match="Pair"):
        Pair(*args, **kwargs)  # type: ignore[arg-type]


def test_a_maker_makes_what_the_class_makes() -> None:
    assert maker(Pair)(1, right="x") == Pair(1, "x")
    assert type(maker(Pair)(1)) is Pair
    with pytest.raises(TypeError):
        maker(Pair)()  # type: ignore[call-arg]


def test_what_it_cannot_do_is_refused_at_once() -> None:
    with pytest.raises(TypeError, match="default factory"):

        @frozen
        class _Listed:
            many: list[int] = field(default_factory=list)

    with pytest.raises(TypeError, match="base"):

        @frozen
        class _Derived(Plain):
            more: int = 0
