"""종성의 번호로 초성의 목록을 읽음"""
def letters(syllable):
    if not "가" <= syllable <= "힣":
        return [syllable]
    code = ord(syllable) - 0xAC00
    result = [subwords.INITIALS[code // 588], subwords.VOWELS[code % 588 // 28]]
    if code % 28:
        result.append(subwords.INITIALS[(code % 28 - 1) % 19])
    return result
