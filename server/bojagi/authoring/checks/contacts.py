"""Ways to write to a person: e-mail addresses and the names people have in messengers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bojagi.authoring.checks.folding import Folded
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, Surroundings
from bojagi.domain.finding import Severity

EMAIL: Final = Rule(
    "email",
    Severity.BLOCK,
    "An e-mail address: {found}",
    "Take it out; name the office in words.",
    "Addresses described by a riddle, or whose domain isn't written.",
    example="name@example.com",
)
MESSENGER_ID: Final = Rule(
    "messenger-id",
    Severity.BLOCK,
    "A name in a messenger: {found}",
    "Take it out: whoever adds it leaves a trace on both phones.",
    "Names written in Hangul, and names without digits that have no word for id beside them.",
    example="카톡 아이디 abc123",
)

_AT: Final = (
    r"(?:\s?@\s?|\s?[(\[{<]\s?(?:at|앳|엣|골뱅이|собака|艾特|@)\s?[)\]}>]\s?"
    r"|\s(?:골뱅이|앳|собака|艾特)\s|골뱅이|艾特|圈[aA]|(?<=[A-Za-z\d])[앳엣](?=[A-Za-z]))"
)
_DOT: Final = (
    r"(?:\s?\.\s?|\s?[(\[{<]\s?(?:dot|닷|점|точка|点|\.)\s?[)\]}>]\s?"
    r"|\s(?:dot|닷|점|точка|点)\s|点|(?<=[A-Za-z\d])[닷점](?=[a-z]))"
)
_ENDING: Final = (
    r"(?:com|net|org|info|biz|kr|kp|cn|ru|su|рф|jp|us|uk|de|eu|io|me|hk|tw|edu|gov|int|email|онлайн"
    r"|example|invalid|test|한국|中国|ком|ру)"
)
_LABEL: Final = r"[\w-]{1,63}"
_DOMAIN: Final = rf"{_LABEL}(?:{_DOT}{_LABEL}){{0,5}}?"
_OFFICE: Final = (
    r"(?:gmail|naver|daum|hanmail|kakao|mail|yandex|qq|163|126"
    r"|지메일|네이버|다음|한메일|얀덱스|яндекс)"
)
_EMAIL: Final = re.compile(
    rf"\w[\w.+%-]{{0,63}}{_AT}{_DOMAIN}{_DOT}(?:{_ENDING}(?![A-Za-z])|[A-Za-z]{{2,12}})"
    rf"|[A-Za-z\d][\w.+%-]{{0,63}} at {_DOMAIN} dot {_ENDING}(?![A-Za-z])"
    rf"|[A-Za-z\d][\w.+%-]{{0,63}}(?:@|\s?골뱅이\s?){_OFFICE}(?![A-Za-z])",
    re.IGNORECASE,
)

_MESSENGER: Final = (
    r"(?:카카오톡|카카오|카톡|깨톡|kakao\s?talk|kakao|위챗|위쳇|웨이신|微信|威信|薇信|[vV]信|(?<![A-Za-z])vx(?![A-Za-z])|we\s?chat|weixin"
    r"|텔레그램|텔레그람|telegram|телеграмм?[а-яё]{0,2}|тг\b|电报|왓츠앱|왓츠압|와츠앱|왓쓰앱"
    r"|whats\s?app|(?:в[оа]т?[сц]ап|уатсап)[а-яё]{0,2}|바이버|viber|вайбер[а-яё]{0,2}|스카이프|skype"
    r"|скайп[а-яё]{0,2}|디스코드|discord|인스타그램|인스타|instagram|инстаграмм?[а-яё]{0,2}|페이스북"
    r"|facebook|zalo|threema|вконтакте|вк\b|(?<![A-Za-z])(?:vk|qq)(?![A-Za-z])|큐큐|抖音|小红书|微博)"
)
_COMMON_WORD: Final = (
    r"(?:라인|시그널|сигнал[а-яё]{0,2}|макс\b|信号"
    r"|(?<![A-Za-z])(?:line|signal|max|wire)(?![A-Za-z]))"
)
"""Messengers whose name is a common word too: they count with a word for id only."""
_ID: Final = (
    r"(?:아이디|계정|대화명|이름|(?<![A-Za-z])id(?![A-Za-z])|账号|帐号|号码|号|логин|ник|аккаунт"
    r"|username|handle|nick|account)"
)
_SURE_ID: Final = r"(?:아이디|계정|账号|帐号|号|логин|ник|аккаунт)"
_ANY: Final = rf"(?:{_MESSENGER}|{_COMMON_WORD})"
_IS: Final = r"(?:\s?(?:는|은|가|이|를|을|로|:|=|-|—|–|为|是|is|это|'|\"|‘|“|《|「|\()){0,3}\s?"
_NAME: Final = r"(?P<name>@?[A-Za-z][A-Za-z\d_.-]{2,31})"
_TELLING_NAME: Final = (
    r"(?P<name>@?(?=[A-Za-z\d_.-]*[\d_])(?=[\d_.-]*[A-Za-z])[A-Za-z\d](?:[A-Za-z\d_.-]{2,31}))"
)
_LIKE_NAMES: Final = re.compile(r"[A-Za-z@]|\d{5}")
"""What all such names hold: most Korean passages don't, and are done with."""
_NOT_NAMES: Final = frozenset(
    (
        *("id", "kakao", "kakaotalk", "wechat", "weixin", "telegram", "whatsapp", "viber"),
        *("signal", "line", "skype", "qq", "android", "ios", "app", "and", "the", "not", "for"),
        *("with", "from", "must", "can", "may", "will", "is", "are", "was", "your", "you", "never"),
    )
)
_PATTERNS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 카카오톡 아이디는 example_01, WeChat ID: example
        rf"{_ANY}[\s(]{{0,2}}{_ID}{_IS}(?<=[\s:=가-힣'\"‘“《「(号是为]){_TELLING_NAME}(?![A-Za-z\d_])",
        rf"{_ANY}[\s(]{{0,2}}{_SURE_ID}{_IS}{_NAME}(?![A-Za-z\d_])",
        rf"{_ANY}\s?{_ID}\s?(?:[:=]|is)\s?{_NAME}(?![A-Za-z\d_])",
        # 위챗 example_01
        rf"{_MESSENGER}[\s(]{{0,2}}(?:에서|으로|로|에|在|в)?{_IS}{_TELLING_NAME}(?![A-Za-z\d_])",
        rf"{_COMMON_WORD}\s?[:=]\s?{_TELLING_NAME}(?![A-Za-z\d_])",
        # QQ 10000
        rf"(?:(?<![A-Za-z])qq|큐큐|微信)\s?(?:{_ID})?{_IS}(?P<name>\d{{5,11}})(?!\d)",
        # 아이디 example_01로 위챗에서
        rf"{_ID}{_IS}{_TELLING_NAME}(?![A-Za-z\d_])[^.!?。\n]{{0,12}}{_MESSENGER}",
        # @example_01, anywhere
        r"(?<![\w.@/+-])(?P<name>@[A-Za-z_][A-Za-z\d_.]{2,31})(?![A-Za-z\d_/])(?!\s?\.\s?[a-z]{2,})",
    )
)


def find_emails(text: Folded, _stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find e-mail addresses, written with `@` or with a word for it."""
    for match in _EMAIL.finditer(text.text):
        yield Hit(EMAIL, *text.span(*match.span()))


def find_messenger_ids(
    text: Folded, _stretch: Stretch, _surroundings: Surroundings
) -> Iterator[Hit]:
    """Find the names people have in messengers."""
    if not _LIKE_NAMES.search(text.text):
        return
    taken: set[tuple[int, int]] = set()
    for pattern in _PATTERNS:
        for match in pattern.finditer(text.text):
            name = match["name"].strip(".-").casefold()
            if name not in _NOT_NAMES:
                taken.add(match.span("name"))
    for start, end in sorted(taken):
        yield Hit(MESSENGER_ID, *text.span(start, end))
