"""표준 라이브러리의 NFD로 나누고 문자 번호로 낱자를 찾음"""
def letters(syllable):
    if not "가" <= syllable <= "힣":
        return [syllable]
    parts = unicodedata.normalize("NFD", syllable)
    result = [subwords.INITIALS[ord(parts[0]) - 0x1100], subwords.VOWELS[ord(parts[1]) - 0x1161]]
    return result + [subwords.FINALS[ord(part) - 0x11A7] for part in parts[2:]]
