"""Files that would harm whoever reads them as exercises, each with where and how it is refused."""

LAUGHS = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{two}: &{two} [{','.join([f'*{one}'] * 9)}]\n" for one, two in zip("abcdefgh", "bcdefghi", strict=True)
)
HOSTILE: dict[str, tuple[bytes, str, str]] = {
    "huge": (b"exercises:\n" + b"  - slug: x\n" * 1_400_000, "", "larger than 16 MB"),
    "many": (b"exercises:\n" + b"- {}\n" * 200_000, "line", "At most 10000 exercises"),
    "many crumbs": (b"exercises:\n- cues: " + b"[" + b"[a,b]," * 200_000, "line", "At most 10000 exercises"),
    "many words": (b"exercises:\n" + (b"- cues: [" + b"a," * 99 + b"a]\n") * 9_000, "line", "too much for one YAML file"),
    "quite many": (b"exercises:\n" + b"- a\n" * 10_001, "line 10002", "At most 10000 exercises"),
    "deep": (b"[" * 1_000_000, "line 1", "nested too deep"),
    "deep in a row": (b"exercises:\n- cues: " + b"[" * 500_000, "line 2", "nested too deep"),
    "deep by lines": (b"- " * 500_000, "line 1", "nested too deep"),
    "a billion laughs": (LAUGHS.encode(), "line 1", "anchors and aliases"),
    "a python": (b"!!python/object/apply:os.system [ls]", "line 1", "tags are not read"),
    "a merge": (b"exercises:\n- &a {slug: x}\n- <<: *a\n", "line 2", "anchors and aliases"),
    "latin": ("exercises:\n- name: é".encode("latin-1"), "line 2", "not UTF-8"),
    "utf-16": ("exercises: []".encode("utf-16"), "line 1", "UTF-16"),
    "utf-32": ("exercises: []".encode("utf-32-be"), "line 1", "control character"),
    "bom": ("exercises: []".encode("utf-8-sig"), "line 1", "byte order mark"),
    "zip": (b"PK\x03\x04\x14\x00", "line 1", "control character"),
    "nothing": (b"", "line 1", "one list"),
    "a NUL": (b"exercises:\n\x00", "line 2", "control character"),
    "a number": (b"exercises: 3", "line 1", "one list"),
    "half whole": (b"exercises: []\nwhole: maybe\n", "line 2", "whole: write true"),
}  # fmt: skip
HOSTILE_TABLES: dict[str, tuple[bytes, str, str]] = {
    "huge": (b"slug\n" + b"x\n" * 8_100_000, "", "larger than 16 MB"),
    "many": (b"slug\n" + b"x\n" * 20_000, "line 10002", "At most 10000 exercises"),
    "many words": (
        b"cues,targets\n" + (b'"' + b"a\n" * 200 + b'",' + b'"' + b"a," * 200 + b'"\n') * 9_000,
        "line",
        "too much in this table",
    ),
    "nothing, often": (b"slug\n" + b"\n" * 15_000_000, "line", "too much in this table"),
    "wide": (b"x," * 1_000_000, "line 1", "no column named x"),
    "one long cell": (b"slug\n" + b"x" * 1_000_000, "line 2", "can't be read"),
    "an open quote": (b'slug\n"' + b"x\n" * 50_000, "line 2", "can't be read"),
    "bom": ("slug\n".encode("utf-8-sig"), "line 1", "byte order mark"),
    "yaml": (b"exercises:\n- slug: x\n", "line 1", "no column named exercises:"),
}
