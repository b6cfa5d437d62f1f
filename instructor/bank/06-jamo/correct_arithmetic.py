"""나눗셈 세 번"""
def letters(syllable):
    code = ord(syllable) - 0xAC00
    if code < 0 or code >= 11172:
        return [syllable]
    result = [subwords.INITIALS[code // 588], subwords.VOWELS[code // 28 % 21]]
    if code % 28:
        result.append(subwords.FINALS[code % 28])
    return result
