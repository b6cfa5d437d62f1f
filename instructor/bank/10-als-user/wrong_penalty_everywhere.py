"""벌점을 대각선이 아니라 모든 칸에 더함"""
def als_user(Q, e, penalty):
    return np.linalg.pinv(Q.T @ Q + penalty) @ Q.T @ e
