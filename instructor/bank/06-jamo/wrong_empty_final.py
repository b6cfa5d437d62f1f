"""종성이 없을 때 빈 문자열을 남김"""
def letters(syllable):
    if not "가" <= syllable <= "힣":
        return [syllable]
    code = ord(syllable) - 0xAC00
    return [subwords.INITIALS[code // 588], subwords.VOWELS[code % 588 // 28], subwords.FINALS[code % 28]]
