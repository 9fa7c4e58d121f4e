"""Accounts money could be sent to: banks, cards, coins.

Sources: ISO 13616 (IBAN, MOD 97-10), ISO/IEC 7812 (cards, Luhn), Банк России 579-П (20 digits that
begin with a balance account), BIP 173 (bech32), the base58 alphabet of Bitcoin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from bojagi.authoring.checks.folding import Folded
from bojagi.authoring.checks.not_numbers import is_counting, is_date, without_other_numbers
from bojagi.authoring.checks.rule import Hit, Rule, Stretch, Surroundings
from bojagi.domain.finding import Severity

BANK_ACCOUNT: Final = Rule(
    "bank-account",
    Severity.BLOCK,
    "A number of a bank account or card: {found}",
    "Take it out; an article never says where to send money.",
    "Accounts of banks without a bank's name or a word for account beside them, numbers shown in a "
    "picture.",
    example="국민은행 000000-00-000000",
)
CRYPTO_ACCOUNT: Final = Rule(
    "crypto-account",
    Severity.BLOCK,
    "An address for digital coins: {found}",
    "Take it out; an article never says where to send money.",
    "Coins other than Bitcoin, Litecoin, Ethereum and its kin, Tron, Monero and TON; addresses "
    "parted by words.",
    example="bc1q…",
)

_GROUPS: Final = r"(?P<number>\d{2,8}(?:[ -]{1,3}\d{1,8}){1,5}|\d{8,20})"
_NEAR: Final = r"[^.!?。！？\d\ufffd\n]{0,16}?(?<![\d,.제第-])"
_END: Final = r"(?!\d|[,-]\d|호|号)"
_ACCOUNT_WORD: Final = (
    r"(?:계좌(?:번호)?|구좌|돈자리(?:번호)?|통장(?:번호)?|입금|송금|카드번호|은행카드|예금"
    r"|расч[её]тн[а-яё]+ сч[её]т[а-яё]*|сч[её]т[а-яё]{0,3}\b|р/с|номер карты|карт[аыу]\b"
    r"|(?:建|工|农|中|招|交)行卡?|账号|帐号|账户|帐户|卡号|银行卡|汇款|转账"
    r"|bank account|account (?:number|no\.?)|\baccount\b|\bacct\b|card number|\bdeposit to\b)"
)
_BANK: Final = (
    r"(?:(?:국민|신한|우리|하나|기업|농협|수협|산업|제일|씨티|대구|부산|광주|전북|경남|제주|카카오|토스|케이|조선중앙|무역)"
    r"\s?(?:은행|뱅크)|KB국민|NH농협|농협|수협|신협|새마을금고|카카오뱅크|토스뱅크|케이뱅크|우체국"
    r"|Сбербанк[а-яё]*|Сбер\b|Тинькофф|Т-Банк|ВТБ|Альфа-Банк[а-яё]*|Почта Банк"
    r"|(?:工商|建设|农业|中国|招商|交通|邮政储蓄)银行|(?:Kookmin|Shinhan|Woori|Hana|Nonghyup|KEB|IBK)"
    r"(?: Bank)?)"
)
_BESIDE_A_WORD: Final = tuple(
    (re.compile(words + _NEAR + _GROUPS + _END, re.IGNORECASE), shortest)
    for words, shortest in ((_ACCOUNT_WORD, 8), (_BANK, 10))
)
_BEFORE_A_WORD: Final = re.compile(
    rf"(?<![\d,.제第-]){_GROUPS}{_END}(?:로|으로|에|의|,|\s|\(|—|на|в|to|是|的){{0,4}}"
    rf"(?:{_BANK}|{_ACCOUNT_WORD})",
    re.IGNORECASE,
)
_BEFORE_SHORTEST: Final = 10
_RUSSIAN: Final = re.compile(r"(?<!\d)(?:30|40|42|45)(?:[ .-]?\d){18}(?!\d)")
_IBAN: Final = re.compile(r"(?<![A-Za-z\d])[A-Z]{2}\d\d(?:[ -]?[A-Z\d]{1,30}){1,9}(?![A-Za-z\d])")
_IBAN_LENGTHS: Final = range(15, 35)
_CARD: Final = re.compile(r"(?<![\d.,])(?<!\d-)[2-69](?:[ -]{0,3}\d){12,18}(?!\d|-\d)")
_CARD_KINDS: Final = re.compile(
    r"4\d{15}|5[0-5]\d{14}|2[2-7]\d{14}|9\d{15}|6[0-9]\d{14,17}|5[6-9]\d{14,17}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|35\d{14}"
)
_BASE58: Final = "[1-9A-HJ-NP-Za-km-z]"
_COINS: Final = re.compile(
    r"(?<![A-Za-z\d])(?:"
    rf"(?=[^\s]{{0,30}}\d)(?=[^\s]{{0,30}}[A-Za-z])[13LM]{_BASE58}{{25,34}}"  # Bitcoin, Litecoin
    r"|(?:bc1|tb1|ltc1)[02-9ac-hj-np-z]{11,71}|(?:BC1|TB1|LTC1)[02-9AC-HJ-NP-Z]{11,71}"
    r"|0[xX][\dA-Fa-f]{40}"  # Ethereum
    rf"|T(?=[^\s]{{0,30}}\d){_BASE58}{{33}}"  # Tron
    rf"|[48]{_BASE58}{{94}}"  # Monero
    r"|(?:EQ|UQ)[\w-]{46}"  # TON
    r")(?![A-Za-z\d])"
)


def find_bank_accounts(
    text: Folded, _stretch: Stretch, _surroundings: Surroundings
) -> Iterator[Hit]:
    """Find accounts and cards, by their check digits or by the word beside them."""
    folded = text.text
    spans = {match.span() for match in _RUSSIAN.finditer(folded)}
    spans |= set(_ibans(folded))
    spans |= {match.span() for match in _CARD.finditer(folded) if _is_card(match[0])}
    searched = without_other_numbers(folded)
    for pattern, shortest in (*_BESIDE_A_WORD, (_BEFORE_A_WORD, _BEFORE_SHORTEST)):
        for match in pattern.finditer(searched):
            if _could_be_account(match["number"], shortest):
                spans.add(match.span("number"))
    for start, end in sorted(spans):
        yield Hit(BANK_ACCOUNT, *text.span(start, end))


def find_crypto_accounts(
    text: Folded, _stretch: Stretch, _surroundings: Surroundings
) -> Iterator[Hit]:
    """Find addresses for digital coins."""
    for match in _COINS.finditer(text.text):
        yield Hit(CRYPTO_ACCOUNT, *text.span(*match.span()))


def _could_be_account(number: str, shortest: int) -> bool:
    digits = re.sub(r"\D", "", number)
    return len(digits) >= shortest and not is_date(digits) and not is_counting(number)


def _ibans(text: str) -> Iterator[tuple[int, int]]:
    """Yield the longest account each match begins with: words in capitals may follow it."""
    for match in _IBAN.finditer(text):
        ends = [gap.start() for gap in re.finditer("[ -]|$", match[0])]
        for end in reversed(ends):
            number = re.sub("[ -]", "", match[0][:end])
            if len(number) in _IBAN_LENGTHS and _is_iban(number):
                yield match.start(), match.start() + end
                break


def _is_iban(number: str) -> bool:
    moved = number[4:] + number[:4]
    return int("".join(str(int(char, 36)) for char in moved)) % 97 == 1


def _is_card(text: str) -> bool:
    digits = re.sub(r"\D", "", text)
    if not _CARD_KINDS.fullmatch(digits):
        return False
    total = 0
    for index, char in enumerate(reversed(digits)):
        value = int(char) * (1 + index % 2)
        total += value // 10 + value % 10
    return total % 10 == 0
