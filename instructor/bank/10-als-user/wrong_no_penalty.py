"""벌점을 빼고 최소제곱만 풂"""
def als_user(Q, e, penalty):
    return np.linalg.lstsq(Q, e, rcond=None)[0]
