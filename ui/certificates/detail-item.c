/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/certificates/detail-item.h"

struct _IssDetailItem
{
  GObject     parent_instance;

  /* Owned */
  IssDetails *details;

  guint       index;
};

G_DEFINE_FINAL_TYPE (IssDetailItem, iss_detail_item, G_TYPE_OBJECT)

static void
iss_detail_item_finalize (GObject *object)
{
  IssDetailItem *self = ISS_DETAIL_ITEM (object);

  g_clear_object (&self->details);

  G_OBJECT_CLASS (iss_detail_item_parent_class)->finalize (object);
}

static void
iss_detail_item_class_init (IssDetailItemClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->finalize = iss_detail_item_finalize;
}

static void
iss_detail_item_init (IssDetailItem *self)
{
}

/**
 * iss_detail_item_new:
 * @details: a certificate's
 * @index: which field
 *
 * Returns: (transfer full): its row
 */
IssDetailItem *
iss_detail_item_new (IssDetails *details,
                     guint       index)
{
  IssDetailItem *self;

  g_return_val_if_fail (ISS_IS_DETAILS (details), NULL);
  g_return_val_if_fail (index < iss_details_get_n_fields (details), NULL);

  self = g_object_new (ISS_TYPE_DETAIL_ITEM, NULL);
  self->details = g_object_ref (details);
  self->index = index;

  return self;
}

/**
 * iss_detail_item_get_field:
 * @self: a row
 *
 * Returns: (transfer none): its field
 */
const IssDetailsField *
iss_detail_item_get_field (IssDetailItem *self)
{
  g_return_val_if_fail (ISS_IS_DETAIL_ITEM (self), NULL);

  return iss_details_get_field (self->details, self->index);
}

/**
 * iss_detail_item_get_icon:
 * @self: a row
 *
 * Returns: (nullable): the icon of what stands out: a critical extension, or one
 *   with which something is wrong
 */
const char *
iss_detail_item_get_icon (IssDetailItem *self)
{
  const IssDetailsField *field;

  g_return_val_if_fail (ISS_IS_DETAIL_ITEM (self), NULL);

  field = iss_detail_item_get_field (self);
  if (field->note != NULL)
    return "dialog-question-symbolic";

  return field->critical ? "dialog-warning-symbolic" : NULL;
}
