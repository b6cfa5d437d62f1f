"""음수를 0으로 바꾸었지만 0이 저장된 채로 남음"""
def ppmi(counts):
    coo = counts.tocoo()
    row, column = np.asarray(counts.sum(axis=1)).ravel(), np.asarray(counts.sum(axis=0)).ravel()
    value = np.log(coo.data * counts.sum() / (row[coo.row] * column[coo.col]))
    return sparse.csr_array((np.maximum(value, 0), (coo.row, coo.col)), shape=counts.shape)
