"""마스크 배열로"""
def max_pooling(hidden, mask):
    hidden = np.asarray(hidden, dtype=float)
    hide = np.broadcast_to(np.asarray(mask)[..., None] == 0, hidden.shape)
    return np.ma.masked_array(hidden, mask=hide).max(axis=1).data
