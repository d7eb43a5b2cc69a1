/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/certificate/details.h"

G_BEGIN_DECLS

#define ISS_TYPE_DETAIL_ITEM (iss_detail_item_get_type ())

/* One field of a certificate as the row of a list. Immutable. */
G_DECLARE_FINAL_TYPE (IssDetailItem, iss_detail_item, ISS, DETAIL_ITEM, GObject)

IssDetailItem         *iss_detail_item_new       (IssDetails     *details,
                                                  guint           index) G_GNUC_WARN_UNUSED_RESULT;
const IssDetailsField *iss_detail_item_get_field (IssDetailItem  *self);
/* (nullable) */
const char            *iss_detail_item_get_icon  (IssDetailItem  *self);

G_END_DECLS
