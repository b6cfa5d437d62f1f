"""종성이 27가지라고 보고 27로 나눔(없는 것을 세지 않음)"""
def letters(syllable):
    if not "가" <= syllable <= "힣":
        return [syllable]
    code = ord(syllable) - 0xAC00
    front, final = divmod(code, 27)
    result = [subwords.INITIALS[min(front // 21, 18)], subwords.VOWELS[front % 21], subwords.FINALS[final]]
    return [letter for letter in result if letter]
