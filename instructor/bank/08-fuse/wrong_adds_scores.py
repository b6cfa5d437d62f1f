"""순위가 아니라 단위가 다른 점수를 그대로 더함"""
def fuse(first, second, k=60):
    return first + second
