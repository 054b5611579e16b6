"""Noun phrases with a number in them: what is counted, of which types, and of how many it is a part."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.reading.claims import HEDGES, WEAPONS, Amount, Claim
from ingest.reading.lexicon import Mark, Shared
from ingest.reading.meanings import Class, class_of, country_meant, is_governor, sides, statuses, weapons_of
from ingest.reading.numbers import Number
from ingest.reading.sentences import Sentence
from ingest.reading.times import Times

_KIND_LETTERS = 5
"""Letters of a kind of missile that all its cases share."""
_BOTH = frozenset(
    ("both", "beide", "beiden", "обидва", "обидві", "оба", "обе", "oba", "obie", "ambos", "ambas")
)
"""Words for two that can also join two kinds."""
_DEFINITE = frozenset(("the", "le", "el"))
"""Articles by which one missile is meant that was told of before: "they destroyed the missile"."""
_PART_NEAR = 14
"""Tokens between a whole and its part at most: "of the 50 drones launched, 33 were shot down"."""


class Quantities:
    """Noun phrases with a number in them."""

    def __init__(self, sentence: Sentence, times: Times, shared: Shared) -> None:
        self.sentence = sentence
        self.tokens = sentence.tokens
        self.mark_at = sentence.mark_at
        self.taken = times.taken
        self.shared = shared
        self.numbers = {number.first: number for number in sentence.numbers}

    def found(self, before: Sequence[Claim]) -> list[Claim]:
        found: list[Claim] = []
        used: set[int] = set()
        for number in self.sentence.numbers:
            if number.first in self.taken or number.first in used:
                continue
            mark = self.mark_at[number.first]
            if mark is not None and "none" in mark.means:
                found += self._one_of(number, mark, [*before, *found])
                used.update(at for claim in found for at in range(claim.first, claim.last))
                continue
            if number.value != int(number.value) or self._both_of_two(number):
                continue
            for claim in self._phrase(number, [*before, *found]):
                if claim.of_class in WEAPONS and (self._is_whole(claim) or self._is_fractioned(claim)):
                    claim.status = "launched"
                used.update(range(claim.first, claim.last))
                found.append(claim)
        found += self._all_of_them([*before, *found])
        found += self._unnumbered(found)
        found.sort(key=lambda claim: claim.first)
        return found

    # --- one number

    def _one_of(self, number: Number, mark: Mark, before: Sequence[Claim]) -> list[Claim]:
        """ "One of the three missiles", where "one of the" alone counts nothing."""
        if mark.first != number.first or mark.last not in self.numbers:
            return []
        claim = Claim(self.sentence, number.first, number.last, Amount(int(number.value)), None)
        partner, _ = self._of(claim, mark.last, before)
        return [claim, partner] if partner is not None else []

    def _is_included(self, claim: Claim) -> bool:
        """Whether it is among others of its class: "five missiles, including an Iskander"."""
        return self.sentence.means(claim.first - 1, "including") and any(
            mark.last < claim.first and class_of(mark) == claim.of_class for mark in self.sentence.marks
        )

    def _is_fractioned(self, claim: Claim) -> bool:
        """Whether a fraction of it is told: "two thirds of the 31 drones"."""
        of = self._mark(claim.first - 1)
        return of is not None and "of" in of.means and self.sentence.means(of.first - 1, "fraction")

    def _phrase(self, number: Number, before: Sequence[Claim]) -> list[Claim]:
        amount, first, whole = self._hedged(number)
        percent_at = number.last
        if percent_at < len(self.tokens) and (
            self.tokens[percent_at].text == "%"
            or self.tokens[percent_at].text.startswith(("відсотк", "procent", "percent", "процент"))
        ):
            if self.tokens[percent_at].text == "%" and not self._class_at(percent_at + 1):
                return []
            amount = Amount(amount.value, "percent")
            number = number._replace(last=percent_at + 1)
        claim = Claim(self.sentence, first, number.last, amount, None, whole=whole)
        partner = self._read(claim, number, before)
        if claim.of_class is None:
            self._behind_its_noun(claim)
        if claim.of_class is None and not claim.standalone:
            return []
        claim.part = claim.part or self._is_included(claim)
        if claim.of_class == "missile":
            claim.kind = "_".join(
                self._text(at)[:_KIND_LETTERS]
                for at in range(claim.first, max(claim.reach, claim.last))
                if self.sentence.means(at, "missile_kind") and self.tokens[at].kind == "word"
            )
        if partner is None and (claim.of_class in WEAPONS or claim.of_class is None) and not claim.part:
            partner = self._out_of(claim)
        if number.article and not (
            claim.types or claim.reach - number.last > 1 or claim.of_class == "missile"
        ):
            # "un drone" and "a drone" seldom count.
            claim.singular = True
        return [claim, partner] if partner else [claim]

    def _hedged(self, number: Number) -> tuple[Amount, int, bool]:
        hedge, first, whole = "about" if number.rounded else "", number.first, False
        at = number.first - 1
        for _ in range(3):
            if at < 0:
                break
            mark = self.mark_at[at]
            token = self.tokens[at]
            if mark is None:
                if token.text in "'\"" or token.text == "-":
                    at -= 1
                    continue
                break
            if mark.means & {"all"}:
                whole = True
            found = next((kind for kind in HEDGES if kind in mark.means), "")
            if found and not (number.rounded and found == "about"):
                if found == "up_to" and at - 1 >= 0 and "from" in (self.mark_at[at - 1] or mark).means:
                    break
                hedge, first = found, mark.first
                break
            if not mark.means & {"all", "record_new", "modifier", "about"}:
                break
            at = mark.first - 1
        return Amount(int(number.value), hedge), first, whole

    def _nation(self, at: int) -> str:
        mark = self.mark_at[at] if 0 <= at < len(self.tokens) else None
        return country_meant(mark)

    def _class_at(self, at: int) -> Class | None:
        mark = self._mark(at)
        return class_of(mark)

    def _read(self, claim: Claim, number: Number, before: Sequence[Claim]) -> Claim | None:
        """Fill in what the number counts. Returns the whole it is a part of ("28 of 74"), if stated."""
        at = number.last
        unknown = 0
        partner: Claim | None = None
        for _ in range(14):
            if at >= len(self.tokens) or (at in self.taken and at not in self.numbers):
                break
            token, mark = self.tokens[at], self.mark_at[at]
            if mark is not None:
                of_class = class_of(mark)
                weapons = weapons_of(mark)
                if of_class is not None:
                    claim.of_class = of_class
                    at = mark.last
                    claim.reach = at
                    both = self._both_classes(of_class, at)
                    if both:
                        claim.of_class, claim.types, claim.reach = "target", (), both
                        break
                    self._tail(claim, at)
                    break
                if weapons:
                    at = self._join_types(claim, at)
                    claim.reach = at
                    continue
                if "of_them" in mark.means and unknown == 0:
                    at = self._partitive(claim, mark.last, before)
                    break
                if "of" in mark.means and unknown == 0:
                    partner, at = self._of(claim, mark.last, before)
                    if partner is not None or claim.of_class is not None:
                        break
                    if mark.means & {"modifier", "missile_kind"}:
                        at = mark.last
                        continue
                    break
                if "none" in mark.means and self._is_fired_at_ground(claim, mark):
                    claim.of_class = "missile"
                    at = claim.reach = mark.last
                    self._tail(claim, at)
                    break
                if mark.means & {"none", "stop"} or is_governor(mark) or at in self.numbers:
                    break
                nation = country_meant(mark)
                if nation:
                    claim.attacker = claim.attacker or nation
                    at = mark.last
                    continue
                if "and" in mark.means and self._kinds_listed(at):
                    at = mark.last
                    continue
                if mark.means & {
                    "modifier",
                    "missile_kind",
                    "of_type",
                    "all",
                    "each",
                    "other_types",
                    "record_new",
                    "allied",
                }:
                    at = mark.last
                    continue
                break
            if token.kind == "mark":
                if token.text == '"' or (token.text == "'" and token.glued):
                    at += 1
                    continue
                if token.text == "(" and claim.of_class is None and not claim.types:
                    inner = self._mark(at + 1)
                    inside = class_of(inner)
                    if inside is not None and inner is not None and self._text(inner.last) == ")":
                        claim.of_class = inside
                        claim.reach = inner.last + 1
                    break
                if token.text == "/" and claim.types:
                    at += 1
                    continue
                if token.text == "," and self._kinds_listed(at):
                    at += 1
                    continue
                break
            if token.kind != "word":
                break
            unknown += 1
            if unknown > 2:
                break
            at += 1
        if claim.of_class is None and claim.types:
            weapon = self.shared.weapons[claim.types[0]]
            claim.of_class = weapon.counted_as
            self._mixture(claim, claim.reach)
        if claim.of_class is None:
            claim.types = ()
            claim.reach = max(claim.reach, number.last)
            self._alone(claim, before)
        return partner

    def _is_fired_at_ground(self, claim: Claim, mark: Mark) -> bool:
        """Whether an anti-aircraft missile is of a type fired at the ground: "S-300 surface-to-air"."""
        types = claim.types or weapons_of(self._mark(mark.last))
        return bool(types) and self.shared.weapons[types[0]].counted_as == "missile"

    def _both_of_two(self, number: Number) -> bool:
        """Whether "both" counts nothing: "both drones and missiles"."""
        if self._text(number.first) not in _BOTH:
            return False
        noun = next(
            (mark for at in range(number.last, number.last + 3) if class_of(mark := self._mark(at))), None
        )
        return noun is None or self.sentence.means(noun.last, "and")

    def _both_classes(self, of_class: Class, at: int) -> int:
        """Where "158 missiles and drones" ends, which counts both together; 0 where it is not so."""
        joint, other = self._mark(at), self._mark(at + 1)
        if of_class not in ("uav", "missile") or joint is None or joint.last != at + 1:
            return 0
        if "and" not in joint.means or other is None or class_of(other) not in ("uav", "missile"):
            return 0
        after = self._mark(other.last)
        typed = bool(weapons_of(after)) or (after is not None and "of_type" in after.means)
        return 0 if class_of(other) == of_class or typed else other.last

    def _kinds_listed(self, at: int) -> bool:
        """Whether a comma or "and" here stands between kinds: "19 cruise, ballistic and guided missiles"."""
        after = self._mark(at + 1)
        return (
            self.sentence.means(at - 1, "missile_kind", "modifier")
            and after is not None
            and not after.means.isdisjoint(("missile_kind", "modifier"))
            and class_of(after) is None
        )

    def _mark(self, at: int) -> Mark | None:
        return self.mark_at[at] if 0 <= at < len(self.tokens) else None

    def _text(self, at: int) -> str:
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    def _join_types(self, claim: Claim, at: int) -> int:
        """Read weapon names joined by "/" or "or": "Іскандер-М/С-400/KN-23" is one number."""
        while at < len(self.tokens):
            mark = self.mark_at[at]
            weapons = weapons_of(mark)
            if not weapons or mark is None:
                break
            claim.types = (*claim.types, *weapons)
            at = mark.last
            joint = at
            while joint < len(self.tokens) and (
                self._text(joint) in '/"' or (self._text(joint) == "-" and self._text(joint + 1) not in " ")
            ):
                joint += 1
            joined = any(self._text(one) == "/" for one in range(at, joint))
            if not joined and self.sentence.means(joint, "or"):
                other = self.mark_at[joint]
                joint, joined = (other.last if other else joint + 1), True
                while self._text(joint) == '"':
                    joint += 1
            if not joined or joint >= len(self.tokens) or not weapons_of(self.mark_at[joint]):
                while self._text(at) == '"':
                    at += 1
                return at
            at = joint
        return at

    def _tail(self, claim: Claim, at: int) -> None:
        """Read the types named after the noun: "ракетами Іскандер-М", "БпЛА типу Shahed та інших типів"."""
        steps = 0
        skipped = False
        if claim.types and claim.of_class not in ("target", "place"):
            wanted = self.shared.weapons[claim.types[0]].counted_as
            if wanted != claim.of_class and claim.of_class in ("uav", "missile"):
                claim.types = ()
        while at < len(self.tokens) and steps < 8:
            mark = self.mark_at[at]
            text = self._text(at)
            if mark is not None and weapons_of(mark) and not claim.types:
                counted = self.shared.weapons[weapons_of(mark)[0]].counted_as
                if claim.of_class == counted or claim.of_class == "munition":
                    at = self._join_types(claim, at)
                    claim.reach = at
                    break
                return
            if mark is not None and (
                mark.means & {"modifier", "missile_kind", "of_type", "including"}
                or country_meant(mark)
                or class_of(mark) == claim.of_class
            ):
                if country_meant(mark):
                    if skipped:
                        # "20 misiles contra Ucrania" are not Ukraine's.
                        break
                    claim.attacker = claim.attacker or country_meant(mark)
                if "including" in mark.means:
                    break
                at = mark.last
            elif text == "-" and self.tokens[at].glued and steps < 3:
                at += 1
            elif text in "\"'(" or (
                mark is None and self.tokens[at].kind == "word" and steps < 3 and not claim.types
            ):
                if text == "(" and not weapons_of(self._mark(at + 1)):
                    break
                skipped = skipped or self.tokens[at].kind == "word"
                at += 1
            else:
                break
            steps += 1
        self._mixture(claim, max(at, claim.reach))

    def _mixture(self, claim: Claim, at: int) -> None:
        """Notice that further types share the number: a comma or "and" and another type, without a number."""
        if not claim.types:
            return
        steps = depth = 0
        while at < len(self.tokens) and steps < 12:
            mark = self.mark_at[at]
            text = self._text(at)
            if text in "()" and self.tokens[at].kind == "mark":
                depth += 1 if text == "(" else -1
                if depth < 0:
                    return
            elif depth == 0:
                if (
                    (at in self.numbers and at not in self.taken)
                    or (text in "-;:" and not self.tokens[at].glued)
                    or self.tokens[at].kind == "break"
                ):
                    return
                if mark is not None:
                    if "other_types" in mark.means:
                        claim.mixed = True
                        return
                    if is_governor(mark) or "stop" in mark.means:
                        return
                    of_class = class_of(mark)
                    if of_class is not None:
                        # "Shahed, Gerbera and decoy drones" share; "ракетою Іскандер-М, ракетою Х-59" do not.
                        claim.mixed = of_class == "uav" == claim.of_class
                        return
                    weapons = weapons_of(mark)
                    if (
                        weapons
                        and self.shared.weapons[weapons[0]].counted_as == claim.of_class
                        and not set(weapons) & set(claim.types)
                    ):
                        claim.mixed = True
                        return
            at = mark.last if mark is not None else at + 1
            steps += 1

    def _partitive(self, claim: Claim, at: int, before: Sequence[Claim]) -> int:
        """ "82 of them": what they are was said before; of which type may be said behind."""
        claim.part = True
        mentioned = next((one for one in reversed(before) if one.of_class in WEAPONS), None)
        noun = self._mark(at)
        named = class_of(noun)
        if noun is not None and named is not None:
            # "460 of these drones"
            at = noun.last
            mentioned = next((one for one in reversed(before) if one.of_class == named), None)
            claim.of_class = named
        if mentioned is not None:
            claim.of_class = named or _of_all(claim, mentioned, before)
            claim.attacker = mentioned.attacker
            if mentioned.types and mentioned.amount.value is None:
                claim.types, claim.mixed = mentioned.types, mentioned.mixed
                claim.part = False
        claim.reach = at
        after = at
        while self._text(after) in ("-", '"', ",") or self.sentence.means(after, "copula"):
            after += 1
            if after >= len(self.tokens):
                return at
        if weapons_of(self._mark(after)):
            claim.reach = self._join_types(claim, after)
            if mentioned is not None:
                claim.status, claim.governor = mentioned.status, mentioned.governor
        return claim.reach

    def _of(self, claim: Claim, at: int, before: Sequence[Claim]) -> tuple[Claim | None, int]:
        """ "28 of 74 drones", "19 des 20 missiles", "five of the drones"."""
        look = at
        for _ in range(4):
            number = self.numbers.get(look)
            if number is not None and look not in self.taken:
                amount, first, _ = self._hedged(number)
                partner = Claim(self.sentence, first, number.last, amount, None)
                partner.attacker = self._nation(look - 1)
                self._read(partner, number, before)
                if partner.of_class is None:
                    # "збито 57 дронів зі 104" names them before, "19 of 20" not at all.
                    return None, at
                claim.of_class, claim.types, claim.mixed = partner.of_class, partner.types, partner.mixed
                claim.attacker = claim.attacker or partner.attacker
                claim.reach = partner.reach
                partner.status = "launched"
                return partner, partner.reach
            mark = self._mark(look)
            if mark is None:
                if look < len(self.tokens) and self.tokens[look].kind == "word":
                    look += 1
                    continue
                return None, at
            of_class = class_of(mark)
            if of_class is not None or weapons_of(mark):
                claim.part = True
                claim.of_class = of_class or self.shared.weapons[weapons_of(mark)[0]].counted_as
                claim.reach = mark.last
                after = mark.last
                while self._text(after) in ("-", '"') or self.sentence.means(after, "copula"):
                    after += 1
                if after > mark.last and weapons_of(self._mark(after)):
                    claim.reach = self._join_types(claim, after)
                return None, claim.reach
            if mark.means & {"modifier", "all", "of"} or country_meant(mark):
                claim.attacker = claim.attacker or country_meant(mark)
                look = mark.last
                continue
            return None, at
        return None, at

    def _behind_its_noun(self, claim: Claim) -> None:
        """Read "drones - 145;": what is counted stands before the number."""
        before, after = self._text(claim.first - 1), self._text(claim.last)
        ends = claim.last >= len(self.tokens) or self.tokens[claim.last].kind == "break" or after in ",;.("
        if not before or before not in "-:" or not ends:
            return
        noun = self._mark(claim.first - 2)
        if noun is not None and class_of(noun) in WEAPONS:
            claim.of_class, claim.reach = class_of(noun), claim.last

    def _out_of(self, claim: Claim) -> Claim | None:
        """The whole that a number is part of, said behind it: "22 drones sur 25", "30 were downed of 50"."""
        at = max(claim.reach, claim.last)
        verb = False
        for _ in range(3):
            mark = self._mark(at)
            if mark is None or "of" in mark.means or not (is_governor(mark) or "copula" in mark.means):
                break
            verb, at = True, mark.last
        mark = self._mark(at)
        if mark is None or "of" not in mark.means:
            return None
        number = self.numbers.get(mark.last)
        if (
            number is None
            or number.first in self.taken
            or number.article
            or number.value != int(number.value)
        ):
            return None
        if self._text(number.last) == "%" or number.value < (claim.amount.value or 0):
            return None
        amount, first, _ = self._hedged(number)
        whole = Claim(self.sentence, first, number.last, amount, None)
        self._read(whole, number, ())
        whole.status = "launched"
        if whole.of_class is None:
            after = self._mark(number.last)
            ends = number.last >= len(self.tokens) or self.tokens[number.last].kind in ("mark", "break")
            if claim.of_class is None or (
                not ends
                and (after is None or not (after.means & {"last_night", "locative"} or is_governor(after)))
            ):
                return None
            whole.of_class, whole.reach = claim.of_class, number.last
            whole.types, whole.mixed, whole.attacker = claim.types, claim.mixed, claim.attacker
            return whole
        if not verb or whole.of_class not in WEAPONS or claim.of_class not in (None, whole.of_class):
            return None
        if claim.of_class is None:
            claim.of_class, claim.attacker = whole.of_class, whole.attacker
        return whole

    def _alone(self, claim: Claim, before: Sequence[Claim]) -> None:
        """A number without a noun counts what was counted before, where a verb stands right beside it."""
        after = claim.last
        while self._text(after) in ("-", '"') or self.sentence.means(after, "modifier"):
            # "nine more were jammed"
            after += 1
        mark = self._mark(after)
        mentioned = next((one for one in reversed(before) if one.of_class is not None), None)
        previous = self.mark_at[claim.first - 1] if claim.first else None
        if (
            previous is not None
            and "locative" in previous.means
            and mentioned is not None
            and mentioned.of_class == "place"
            and previous.first
        ):
            previous = self.mark_at[previous.first - 1]
        behind = mark is not None and any(
            one.endswith((".after", ".both", ".participle")) for one in mark.means
        )
        ahead = (
            previous is not None
            and any(one.endswith((".before", ".both")) for one in previous.means)
            and (
                after >= len(self.tokens)
                or self._text(after) in ".,;"
                or self.sentence.means(after, "of", "of_them")
            )
        )
        if not (behind or ahead):
            return
        claim.standalone = True
        named = self._named_before(claim)
        if named is not None:
            claim.of_class = named
        elif mentioned is not None:
            claim.of_class = _of_all(claim, mentioned, before)
            claim.attacker = mentioned.attacker

    def _named_before(self, claim: Claim) -> Class | None:
        """What the sentence says the number is of: "of the drones from Crimea, 18 were shot down"."""
        for mark in self.sentence.marks:
            if mark.first >= claim.first:
                break
            noun = class_of(mark)
            if noun in ("uav", "missile") and self.sentence.means(mark.first - 1, "of"):
                return noun
        return None

    def _is_whole(self, claim: Claim) -> bool:
        """Whether a part of it follows: "sur les six, quatre ont été détruits", "із 50 збито 33"."""
        if not self.sentence.means(claim.first - 1, "of"):
            return False
        of = self.mark_at[claim.first - 1]
        if of is None or (
            of.first
            and self.tokens[of.first - 1].kind in ("word", "name", "number")
            and not self.sentence.means(of.first - 1, "relative")
        ):
            return False
        reach = max(claim.reach, claim.last)
        for at in range(reach, min(reach + _PART_NEAR, len(self.tokens))):
            if self._text(at) in ".;:" or self.tokens[at].kind == "break":
                return False
            part = self.numbers.get(at)
            if part is None or at in self.taken:
                continue
            behind = self._mark(part.last)
            ahead = self.mark_at[at - 1]
            return (
                part.value <= (claim.amount.value or 0)
                and bool(behind is not None and sides(behind) & {"after", "both"})
            ) or bool(ahead is not None and sides(ahead) & {"before", "both"})
        return False

    # --- without a number

    def _all_of_them(self, before: Sequence[Claim]) -> list[Claim]:
        """ "All of them were shot down", "tous ont été abattus": as many as were counted last."""
        found: list[Claim] = []
        for mark in self.sentence.having("all_of_them", "all"):
            if "all_of_them" not in mark.means and not _tells_end(self._mark(mark.last)):
                continue
            counted = [
                one
                for one in before
                if one.of_class in WEAPONS
                and one.amount.exact
                and not (one.part or one.singular)
                and (one.status in ("", "launched") if one.sentence is not self.sentence else True)
                and (one.sentence is not self.sentence or one.last <= mark.first)
            ]
            last = counted[-1].sentence if counted else None
            for one in counted:
                if one.sentence is last and one.of_class not in [other.of_class for other in found]:
                    claim = Claim(self.sentence, mark.first, mark.last, one.amount, one.of_class)
                    claim.attacker, claim.reach = one.attacker, mark.last
                    found.append(claim)
            if found:
                break
        return found

    def _unnumbered(self, found: Sequence[Claim]) -> list[Claim]:
        """Weapons that are named and not counted; a singular with its type or kind is one."""
        covered = {at for claim in found for at in range(claim.first, max(claim.reach, claim.last))}
        claims: list[Claim] = []
        at = 0
        while at < len(self.tokens):
            mark = self.mark_at[at]
            if mark is None:
                at += 1
                continue
            of_class = class_of(mark)
            if of_class not in ("missile", "uav", "munition") or not covered.isdisjoint(
                range(mark.first, mark.last)
            ):
                weapons = weapons_of(mark)
                if weapons and at not in covered and not self._in_list(at, covered, claims):
                    lone = Claim(self.sentence, mark.first, mark.last, Amount(None, "unnumbered"), None)
                    lone.reach = self._join_types(lone, at)
                    lone.of_class = self.shared.weapons[weapons[0]].counted_as
                    self._mixture(lone, lone.reach)
                    lone.singular = True
                    claims.append(lone)
                    at = max(lone.reach, mark.last)
                    continue
                at = mark.last
                continue
            claim = Claim(self.sentence, mark.first, mark.last, Amount(None, "unnumbered"), of_class)
            claim.reach = mark.last
            first = mark.first
            described = False
            while first > 0:
                previous = self.mark_at[first - 1]
                if previous is None or not previous.means & {"modifier", "missile_kind", "several"}:
                    if previous is not None and country_meant(previous):
                        claim.attacker = country_meant(previous)
                        first = previous.first
                        continue
                    break
                if "several" in previous.means:
                    claim.amount = Amount(None, "several")
                described = True
                first = previous.first
            self._tail(claim, mark.last)
            one = any(
                self.sentence.lexicon.singular.get(self.tokens[one].text) == of_class
                for one in range(first, mark.last)
            )
            before = self._mark(first - 1)
            if before is not None and "hits.before" in before.means:
                # "влучання ракети" is of one; several would be "ракет".
                genitive = self.sentence.lexicon.genitive
                one = one or genitive.get(self.tokens[mark.last - 1].text) == of_class
                described = True
            if of_class == "missile" and self._text(first - 1) in _DEFINITE:
                described = True
            if one and (described or claim.types) and claim.amount.hedge == "unnumbered":
                claim.amount = Amount(1)
            # Where a language has articles, the article says so.
            claim.lone = one and claim.amount.value is None and not self.sentence.lexicon.articles
            claim.first = first
            claim.last = max(claim.reach, mark.last)
            claim.singular = (
                not claim.types and claim.amount.value is None and claim.amount.hedge != "several"
            )
            claims.append(claim)
            at = max(claim.reach, mark.last)
        return claims

    def _in_list(self, at: int, covered: set[int], claims: Sequence[Claim]) -> bool:
        """Whether a weapon's name only goes on with a list behind a noun: "типу Shahed, Гербера"."""
        back = at - 1
        steps = 0
        while back >= 0 and steps < 10:
            if back in covered:
                return True
            if any(claim.first <= back < claim.reach for claim in claims):
                claim = next(claim for claim in claims if claim.first <= back < claim.reach)
                return not claim.types
            mark = self.mark_at[back]
            if self._text(back) in ".;:" or (mark is not None and is_governor(mark)):
                return False
            back = mark.first - 1 if mark is not None else back - 1
            steps += 1
        return False


def _tells_end(mark: Mark | None) -> bool:
    """Whether this is a verb that says what became of weapons."""
    return mark is not None and not {
        "shot_down",
        "neutralised",
        "hits",
        "not_reached",
        "suppressed",
    }.isdisjoint(statuses(mark))


def _of_all(claim: Claim, mentioned: Claim, before: Sequence[Claim]) -> Class | None:
    """What a number without a noun counts: what was counted last, or all that was counted with it where it is
    more than that: "728 drones and 13 missiles, of which 718 were neutralised".
    """
    counted, last = claim.amount.value, mentioned.amount.value
    if counted is None or last is None or counted <= last or mentioned.of_class not in ("uav", "missile"):
        return mentioned.of_class
    beside = sum(
        one.amount.value or 0
        for one in before
        if one.sentence is mentioned.sentence and one.of_class in ("uav", "missile")
    )
    other = any(
        one.sentence is mentioned.sentence
        and one.of_class in ("uav", "missile")
        and one.of_class != mentioned.of_class
        and one.amount.value is not None
        for one in before
    )
    return "target" if other and counted <= beside else mentioned.of_class
