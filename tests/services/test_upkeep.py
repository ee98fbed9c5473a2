"""Looking after the library: what archiving would do, whose plans hold it, duplicates, and going back to an earlier version."""

from dataclasses import replace

import pytest

from app.errors import Conflict, Invalid, NotAllowed, StaleVersion
from app.figures import PICTURES
from app.figures.documents import to_text
from app.rules.lint import Flaw
from app.services import clients, library, upkeep
from tests.cast import DAY, Cast
from tests.clock import Clock
from tests.services.test_library import a_plan_of, exercise

AT = Clock()()


def test_remarks_follow_the_library(cast: Cast) -> None:
    with cast.work("ada") as store:
        before = {one.slug for one, _ in upkeep.remarks_of_all(store)}
        library.add(store, exercise(name="This fixes your back"), AT)
        found = {one.slug: said for one, said in upkeep.remarks_of_all(store)}
        assert set(found) - before == {"this-fixes-your-back"}
        flaws = [Flaw.WORDING, Flaw.NO_CUE, Flaw.NO_LINK, Flaw.NO_PICTURE]
        assert [one.flaw for one in found["this-fixes-your-back"]] == flaws
        assert [one.flaw for one in upkeep.remarks_on(store, library.exercise(store, "this-fixes-your-back").exercise)] == flaws
        library.archive(store, "this-fixes-your-back", AT)
        assert {one.slug for one, _ in upkeep.remarks_of_all(store)} == before
        library.archive(store, "half-kneel", AT)
        assert Flaw.LINK_GONE in {one.flaw for one in upkeep.remarks_on(store, library.exercise(store, "runners-lunge").exercise)}


def test_what_a_picture_says_is_read_like_the_words_beside_it(cast: Cast) -> None:
    with cast.work("ada") as store:
        before = library.exercise(store, "plank").exercise
        drawn = to_text(replace(PICTURES["plank"], title="Cures back pain"))
        library.edit(store, "plank", replace(before, picture=drawn), AT, based_on=1)
        found = {one.slug: said for one, said in upkeep.remarks_of_all(store)}
        assert ("picture", "“Cures” claims a treatment.") in {(one.field, one.text) for one in found["plank"]}


def test_a_link_to_an_archived_exercise_is_told_from_one_to_nowhere(cast: Cast) -> None:
    def said(slug: str) -> list[str]:
        with cast.work("ada") as store:
            listed = {one.slug: found for one, found in upkeep.remarks_of_all(store)}[slug]
            assert listed == upkeep.remarks_on(store, library.exercise(store, slug).exercise)
            return [one.text for one in listed if one.flaw is Flaw.LINK_GONE]

    with cast.work("ada") as store:
        library.archive(store, "half-kneel", AT)
    assert said("runners-lunge") == ["The easier one, half-kneel, is archived. Bring it back, or name another one."]
    with cast.work("ada") as store:
        library.restore(store, "half-kneel", AT)
        assert "runners-lunge" not in {
            one.slug for one, found in upkeep.remarks_of_all(store) if Flaw.LINK_GONE in {two.flaw for two in found}
        }


def test_coverage_follows_the_library(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert upkeep.covered(store)[0].lacks == ()
        library.archive(store, "plank", AT)
        found, shelf = upkeep.covered(store)
        assert [one.slug for one in found.lacks] == ["plank"]
        assert ("R18", "core") in {(one.rule.id, one.target) for one in found.unserved}
        assert "plank" not in shelf


def test_a_target_that_ada_edits_away_is_missed_like_one_that_she_archives(cast: Cast) -> None:
    with cast.work("ada") as store:
        assert upkeep.covered(store)[0].unanswered == ()
        band = library.exercise(store, "smr-itb").exercise
        library.edit(store, "smr-itb", replace(band, targets=("vastus_lateralis",)), AT, based_on=1)
        found = upkeep.covered(store)[0]
        assert ("R13", "it_band") in {(one.rule.id, one.target) for one in found.unserved}
        assert {one.test for one in found.unanswered} == {"MTT_ABD", "OBER"}
        library.edit(store, "smr-itb", band, AT, based_on=2)
        assert upkeep.covered(store)[0].unserved == ()


def test_ada_sees_how_many_current_plans_hold_it_and_whose_they_are_only_her_trainer_sees(cast: Cast) -> None:
    a_plan_of(cast, "plank", "bridge")
    with cast.work("ada") as store:
        found = upkeep.archiving(store, "plank")
        assert (found.kept.used_by, found.current_plans, found.clients) == (1, 1, ())
        assert "R30" in {loss.rule.id for loss in found.effect.losses}
        assert upkeep.archiving(store, "couch").current_plans == 0
    with cast.work("tess") as store:
        plank = store.library.get("plank")
        assert store.library.clients_with(plank) == [(cast.cleo.client_id, "Cleo")]
    with cast.work("tom") as store:
        assert store.library.clients_with(store.library.get("plank")) == []


def test_only_the_newest_plan_of_a_client_is_current(cast: Cast) -> None:
    a_plan_of(cast, "plank", "bridge")
    with cast.work("tess") as store:
        client = store.clients.get(cast.cleo.client_id or 0)
        former = store.plans.latest(client)
        assert former is not None
        fields = {name: getattr(former, name) for name in ("studio_id", "client_id", "screen_id", "ruleset", "document", "made_by")}
        store.plans.publish(type(former)(**fields, number=2, made_on=DAY, made_at=AT), {store.library.get("bridge"): 1})
    with cast.work("ada") as store:
        plank, bridge = upkeep.archiving(store, "plank"), upkeep.archiving(store, "bridge")
        assert (plank.kept.used_by, plank.current_plans) == (1, 0)
        assert (bridge.kept.used_by, bridge.current_plans) == (2, 1)


def test_an_archived_clients_plan_is_no_current_one(cast: Cast) -> None:
    a_plan_of(cast, "plank", "bridge")
    cleo = cast.cleo.client_id or 0

    def current() -> int:
        with cast.work("ada") as store:
            return upkeep.archiving(store, "plank").current_plans

    with cast.work("tess") as store:
        clients.archive_client(store, cleo, AT)
    assert current() == 0
    with cast.work("tess") as store:
        assert store.library.clients_with(store.library.get("plank")) == []
        clients.restore_client(store, cleo, AT)
    assert current() == 1
    with cast.work("tess") as store:
        assert store.library.clients_with(store.library.get("plank")) == [(cleo, "Cleo")]
        client = store.clients.get(cleo)
        clients.ensure_consent(store, client, DAY, AT, "agreed in person")
        clients.withdraw_consent(store, cleo, AT)
    assert current() == 0
    with cast.work("tess") as store:
        clients.record_consent(store, cleo, DAY, clients.How.SPOKEN, AT, DAY)
    assert current() == 1


def test_a_duplicate_gives_its_places_to_the_other_one(cast: Cast) -> None:
    with cast.work("ada") as store:
        twin = library.add(store, replace(library.exercise(store, "half-kneel").exercise, slug="kneeling-stretch"), AT).exercise
        lunge = library.exercise(store, "runners-lunge").exercise
        library.edit(store, "runners-lunge", replace(lunge, regress=twin.slug), AT, based_on=1)
        upkeep.same_as(store, twin.slug, "half-kneel", AT)
        assert library.exercise(store, "runners-lunge").exercise.regress == "half-kneel"
        assert library.exercise(store, "runners-lunge").newest == 3
        kept = library.exercise(store, twin.slug)
        assert (kept.archived_at, kept.merged_into, kept.newest) == (AT, "half-kneel", 1)
        library.restore(store, twin.slug, AT)
        assert library.exercise(store, twin.slug).merged_into is None


def test_the_other_one_never_leads_to_itself(cast: Cast) -> None:
    with cast.work("ada") as store:
        upkeep.same_as(store, "elev-ham", "strap-ham", AT)
        assert library.exercise(store, "strap-ham").exercise.progress is None
        upkeep.same_as(store, "couch", "side-quad", AT)
        assert library.exercise(store, "side-quad").exercise.progress is None
        assert library.exercise(store, "runners-lunge").exercise.progress == "side-quad"


def test_what_rules_ask_for_by_name_is_not_merged_away(cast: Cast) -> None:
    with cast.work("ada") as store:
        for slug in library.starter():
            if library.asked_by(slug.slug):
                with pytest.raises(Conflict, match="Rules ask for"):
                    upkeep.same_as(store, slug.slug, "couch", AT)
        assert library.gaps(store) == ()
        twin = library.add(store, replace(library.exercise(store, "clam").exercise, slug="our-clam"), AT).exercise
        upkeep.same_as(store, twin.slug, "clam", AT)
        assert library.gaps(store) == ()


def test_a_row_closes_whatever_is_taken_out_of_its_middle(cast: Cast) -> None:
    with cast.work("ada") as store:
        for slug, easier in (("low", None), ("mid", "low"), ("high", "mid"), ("top", "high")):
            library.add(store, exercise(slug=slug, name=slug, regress=easier), AT)
        for slug, harder in (("low", "mid"), ("mid", "high")):
            library.edit(store, slug, replace(library.exercise(store, slug).exercise, progress=harder), AT, based_on=1)
        upkeep.same_as(store, "mid", "low", AT)
        low, high = library.exercise(store, "low").exercise, library.exercise(store, "high").exercise
        assert (low.progress, high.regress) == ("high", "low")
        upkeep.same_as(store, "high", "top", AT)
        low, top = library.exercise(store, "low").exercise, library.exercise(store, "top").exercise
        assert (low.progress, top.regress) == ("top", "low")


def test_what_can_not_be_one_is_not_merged(cast: Cast) -> None:
    with cast.work("ada") as store:
        library.archive(store, "couch", AT)
        for slug, other in (("plank", "plank"), ("plank", "nowhere"), ("side-quad", "couch")):
            with pytest.raises(Conflict):
                upkeep.same_as(store, slug, other, AT)
        with pytest.raises(Invalid):
            upkeep.same_as(store, "sl-dowel", "rdl-kb", AT)


def test_an_earlier_version_comes_back_as_a_new_one(cast: Cast) -> None:
    with cast.work("ada") as store:
        plank = library.exercise(store, "plank").exercise
        library.edit(store, "plank", replace(plank, note="worse"), AT, based_on=1)
        with pytest.raises(StaleVersion):
            upkeep.go_back(store, "plank", 1, AT, based_on=1)
        assert upkeep.go_back(store, "plank", 1, AT, based_on=2).exercise == replace(plank, version=3)
        assert [line.by for line in library.history(store, "plank")] == ["Ada", "Ada", None]


def test_only_admins_look_after_the_library(cast: Cast) -> None:
    with cast.work("tess") as store:
        plank = library.exercise(store, "plank").exercise
        for attempt in (
            lambda: upkeep.remarks_of_all(store),
            lambda: upkeep.remarks_on(store, plank),
            lambda: upkeep.covered(store),
            lambda: upkeep.archiving(store, "plank"),
            lambda: upkeep.same_as(store, "plank", "bridge", AT),
            lambda: upkeep.go_back(store, "plank", 1, AT, based_on=1),
        ):
            with pytest.raises(NotAllowed):
                attempt()
