"""NFD의 첫가끝 문자를 호환 자모로 바꾸지 않음(초성 ㄱ과 종성 ㄱ이 다른 문자)"""
def letters(syllable):
    return list(unicodedata.normalize("NFD", syllable))
