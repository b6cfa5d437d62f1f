"""역행렬로"""
def als_user(Q, e, penalty):
    k = Q.shape[1]
    return np.linalg.inv(penalty * np.identity(k) + Q.T @ Q) @ Q.T @ e
