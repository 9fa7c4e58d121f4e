"""Ways off the page: addresses, links, schemes that open an app.

A reading page asks nobody for anything and leads nowhere; where sources are shown, a link may lead
to one of the article's own sources.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from bojagi.authoring.checks.folding import Folded
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, StretchKind, Surroundings
from bojagi.domain.finding import Severity

if TYPE_CHECKING:
    from bojagi.domain.finding import Finding

URL: Final = Rule(
    "url",
    Severity.BLOCK,
    "An address of the net in the text: {found}",
    "Take it out of the text. Where sources are shown, the address belongs in the article's "
    "sources.",
    "Sites named by a word alone; Chinese names parted by a Chinese full stop; addresses of bare "
    "numbers; endings that are words too (.me, .to, .in) without anything after them. Titles and "
    "issuers of sources may name a site.",
    example="example.org에 자세히 있습니다.",
)
LINK: Final = Rule(
    "link",
    Severity.BLOCK,
    "A link: {found}",
    "Packs for workers and for people who have just left carry no links. In other packs a link may "
    "lead only to an address among the article's sources.",
    "Where the address leads today, and what stands there.",
    example="[자세히](https://example.org)",
)
REACH_OUT: Final = Rule(
    "reach-out",
    Severity.BLOCK,
    "Something that opens an app or a message: {found}",
    "Take it out; a page for readers opens nothing.",
    "QR codes drawn in a picture, and schemes that look like ordinary words.",
    example="tel:, mailto:, sms:",
)
RULES: Final = (URL, LINK, REACH_OUT)

_TLD: Final = (
    r"(?:com|net|org|info|biz|edu|gov|int|mil|name|mobi|app|dev|site|online|website|shop|store|xyz"
    r"|club|link|page|blog|news|live|life|world|wiki|cloud|email|chat|group|team|space|tech|pro"
    r"|onion|i2p|io|ai|gg|gl|ly|tv|cc|ws|fm|kr|kp|ru|su|cn|jp|tw|hk|mo|sg|uk|de|fr|eu|ch|nl|se|fi"
    r"|pl|cz|ua|by|kz|kg|uz|mn|vn|th|la|kh|mm|ca|au|nz|us|example|invalid"
    r"|рф|рус|онлайн|сайт|москва|한국|닷컴|中国|公司|网络|在线)"
)
_WORDLIKE_TLD: Final = r"(?:me|to|in|is|it|at|so|am|be|my|no|as|do|id|co|sh|st|im|pm|re|test)"
_LABEL: Final = r"[A-Za-z\dА-Яа-яё가-힣一-鿿](?:[A-Za-z\dА-Яа-яё가-힣一-鿿-]{0,61})"
_ASCII_LABEL: Final = r"[A-Za-z\d](?:[A-Za-z\d-]{0,61})"
_REST: Final = r"(?::\d{2,5})?(?:[/?#][^\s)\]》」>\ufffd]*)?"
_DOT_WORD: Final = r"(?:\s?[(\[{]\s?(?:dot|닷|점|точка|点|\.)\s?[)\]}]\s?|\s(?:dot|닷|점|точка)\s)"
_URL: Final = re.compile(
    r"(?:h(?:tt|xx)ps?\s?:\s?//|ftps?://|(?<![A-Za-z\d])//(?=[a-z\d-]+\.[a-z]))[^\s)\]》」>\ufffd]+"
    rf"|(?<![A-Za-z\d_.@-])www\d?\s?\.\s?{_LABEL}(?:\.{_LABEL})*{_REST}"
    rf"|(?<![A-Za-z\d_.@/-])(?:{_ASCII_LABEL}\.)+{_TLD}(?![A-Za-z\d-]|\.[A-Za-z\d]){_REST}"
    rf"|(?<![\w.@/-])(?:{_LABEL}\.)+(?:рф|рус|сайт|онлайн|한국|닷컴|中国|公司|网络|在线)"
    rf"(?![\w]{{5}}){_REST}"
    rf"|(?<![A-Za-z\d_.@/-])(?:{_ASCII_LABEL}\.)+{_WORDLIKE_TLD}/[^\s)\]》」>\ufffd]+"
    r"|(?<![A-Za-z\d_.@/-])(?:t|vk|ok|wa|line|telegram|about|linktr|bit|youtu|signal)\.(?:me|ee|ly|be|com|ru)"
    rf"(?![A-Za-z\d-]){_REST}"
    rf"|(?<![A-Za-z\d_.@-])(?:{_ASCII_LABEL}(?:{_DOT_WORD}|\.)){{0,5}}{_ASCII_LABEL}{_DOT_WORD}"
    r"(?:com|net|org|info|kr|ru|cn|io|me|co|рф|ру|ком|컴|넷)(?![A-Za-z\dа-яё])"
    rf"|(?<![A-Za-z\d_.@-]){_ASCII_LABEL}\s?(?:[닷점쩜]\s?[컴넷]|点(?=[a-z]{{2,4}}(?![a-z]))[a-z]+)"
    r"|(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?:(?::\d{2,5})?/[^\s]*|:\d{2,5})",
    re.IGNORECASE,
)
_TWO_SENTENCES: Final = re.compile(r"[一-鿿]+(?:。[一-鿿]+)+")
"""Chinese words around a Chinese full stop: `请看。中国…` is no address, though it could be one."""
_SCHEME: Final = re.compile(
    r"(?<![A-Za-z\d+.-])(?:"
    r"(?:tel|sms|smsto|mms|mmsto|callto|facetime|sip|sips):(?://)?[+(\d]\S*"
    r"|(?:mailto|matmsg|xmpp|im|mecard|bizcard|otpauth|magnet|intent|market|javascript|vbscript|view-source"
    r"|bitcoin|ethereum|litecoin|monero|tron|ton|lightning|lnurl|geo|matrix|whatsapp|viber|skype"
    r"|weixin|wechat|kakaotalk|kakaolink|kakaoopen|tg|sgnl|threema|fb|fb-messenger|vk|zalo|upi|spay"
    r"|blob|cid|ms-[a-z-]+|itms-[a-z]+|wifi|urlto|mebkm):(?=[^\s:])\S*"
    r"|data:[a-z]+/\S*|begin:v(?:card|event|calendar)\S*"
    r"|(?!https?:|hxxps?:|ftps?:)[a-z][a-z\d+.-]{1,20}://\S+"
    r")",
    re.IGNORECASE,
)


def find_urls(text: Folded, stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find addresses of the net, whole or bare."""
    if stretch.kind is StretchKind.SOURCE:
        return
    for match in _URL.finditer(text.text):
        start, end = text.span(*match.span())
        if not _TWO_SENTENCES.fullmatch(text.original[start:end]):
            yield Hit(URL, start, end)


def find_schemes(text: Folded, _stretch: Stretch, _surroundings: Surroundings) -> Iterator[Hit]:
    """Find `tel:`, `mailto:` and the like, and what QR codes carry."""
    for match in _SCHEME.finditer(text.text):
        yield Hit(REACH_OUT, *text.span(*match.span()))


def find_links(stretch: Stretch, _surroundings: Surroundings) -> Iterator[Finding]:
    """Find links that lead elsewhere than to the article's own sources."""
    allowed = set()
    if stretch.shows_sources and stretch.article:
        allowed = {_plain(source.address) for source in stretch.article.sources if source.address}
    for link in stretch.links:
        if _plain(link) not in allowed:
            yield LINK.at(stretch.place(0), link)


def _plain(address: str) -> str:
    return unquote(address).rstrip("/")


TEXT_CHECKS: Final = (find_urls, find_schemes)
STRETCH_CHECKS: Final = (find_links,)
