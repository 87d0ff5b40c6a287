"""Papers that leave the office: hand-over sheet, fiche, letter, numbers, evidence, register entry. No outcome of a referral in any for the sender."""
