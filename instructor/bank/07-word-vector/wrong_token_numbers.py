"""문자 자리를 토큰 번호로 알고 자름"""
def word_vector(hidden, offsets, start, end):
    return hidden[start + 1 : end + 1].mean(axis=0)
