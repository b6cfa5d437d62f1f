"""식을 풀지 않고 별점으로 가중한 영화 벡터의 평균을 냄"""
def als_user(Q, e, penalty):
    return Q.T @ e / (len(Q) + penalty)
