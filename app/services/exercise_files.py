"""Reading exercises from a file, plainly: no anchors, no doubled keys, and the line of whatever is wrong."""

import json
from collections.abc import Iterator, Sequence

import yaml
from pydantic import TypeAdapter, ValidationError

from app.errors import FieldError, Invalid
from app.rules.documents import Exercise

_EXERCISE = TypeAdapter(Exercise)


class _PlainLoader(yaml.SafeLoader):
    """YAML without anchors and aliases: a few lines of those can stand for gigabytes."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()  # type: ignore[no-untyped-call]  # PyYAML's stubs leave it out
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise yaml.MarkedYAMLError(problem="anchors and aliases are not read here", problem_mark=event.start_mark)
        return super().compose_node(parent, index)


def read_exercises(text: str) -> tuple[Exercise, ...]:
    """The exercises of a YAML file in its order, each as a first version; raises Invalid with a line number for each thing wrong."""
    try:
        loader = _PlainLoader(text)
        node = loader.get_single_node()
        data = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as problem:
        raise _wrong(problem.problem_mark, problem.problem or "can't be read") from None
    except (yaml.YAMLError, RecursionError):
        raise Invalid(FieldError("", "This is no YAML that can be read.")) from None
    if not isinstance(node, yaml.MappingNode) or not data or set(data) != {"exercises"} or not isinstance(data["exercises"], list):
        raise Invalid(FieldError("line 1", "The file holds one list, named exercises."))
    errors = [*_doubled(node)]
    listed = node.value[0][1]
    exercises = []
    for place, entry in enumerate(data["exercises"]):
        if not isinstance(entry, dict):
            errors.append(_error(listed.value[place].start_mark, "an exercise is a mapping"))
            continue
        try:
            exercises.append(_EXERCISE.validate_json(json.dumps({**entry, "version": 1}, default=str)))
        except ValidationError as problem:
            errors += (
                _error(_mark(listed.value[place], one["loc"]), f"{'.'.join(map(str, one['loc']))}: {one['msg']}")
                for one in problem.errors(include_input=False)
            )
    if errors:
        raise Invalid(*errors)
    return tuple(exercises)


def _doubled(node: yaml.Node) -> Iterator[FieldError]:
    """A key that comes twice in one mapping; YAML itself would quietly keep the last."""
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if str(key.value) in seen:
                yield _error(key.start_mark, f"{key.value} stands here twice")
            seen.add(str(key.value))
            yield from _doubled(value)
    elif isinstance(node, yaml.SequenceNode):
        for value in node.value:
            yield from _doubled(value)


def _mark(node: yaml.Node, location: Sequence[int | str]) -> yaml.Mark | None:
    """Where in the file a field stands; where it is missing, where its exercise begins."""
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = next((value for key, value in node.value if key.value == part), None)
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            found = node.value[part]
        else:
            found = None
        if found is None:
            break
        node = found
    return node.start_mark


def _error(mark: yaml.Mark | None, message: str) -> FieldError:
    return FieldError(f"line {mark.line + 1}" if mark else "", message)


def _wrong(mark: yaml.Mark | None, message: str) -> Invalid:
    return Invalid(_error(mark, message))
