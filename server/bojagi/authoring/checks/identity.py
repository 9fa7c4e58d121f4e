"""What names or reaches one person: numbers, papers, addresses, accounts.

The rules are grouped here; each subject has a module of its own beside this one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bojagi.authoring.checks.accounts import (
    BANK_ACCOUNT,
    CRYPTO_ACCOUNT,
    find_bank_accounts,
    find_crypto_accounts,
)
from bojagi.authoring.checks.contacts import EMAIL, MESSENGER_ID, find_emails, find_messenger_ids
from bojagi.authoring.checks.papers import (
    PASSPORT_NUMBER,
    RESIDENT_NUMBER,
    find_passport_numbers,
    find_resident_numbers,
)
from bojagi.authoring.checks.phones import PHONE, find_phones

if TYPE_CHECKING:
    from bojagi.authoring.checks.rule import Rule, TextCheck

RULES: Final[tuple[Rule, ...]] = (
    PHONE,
    RESIDENT_NUMBER,
    PASSPORT_NUMBER,
    EMAIL,
    MESSENGER_ID,
    BANK_ACCOUNT,
    CRYPTO_ACCOUNT,
)
TEXT_CHECKS: Final[tuple[TextCheck, ...]] = (
    find_phones,
    find_resident_numbers,
    find_passport_numbers,
    find_emails,
    find_messenger_ids,
    find_bank_accounts,
    find_crypto_accounts,
)
