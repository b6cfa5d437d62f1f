"""이어 붙인 글자열에서 찾음: 조각의 경계를 잊음"""
def merge(pieces, pair):
    text, target = " ".join(pieces), "".join(pair)
    return text.replace(pair[0] + " " + pair[1], target).split()
