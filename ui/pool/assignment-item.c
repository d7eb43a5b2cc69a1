/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ui/pool/assignment-item.h"

#include <glib/gi18n-lib.h>

#include "core/base/text.h"
#include "core/base/time-text.h"
#include "ui/pool/state-icon.h"

/**
 * IssAssignmentItem:
 *
 * A line of the Assignments page. A group with one type, such as
 * OAuthTokenIssuer, is its own first row.
 */
struct _IssAssignmentItem
{
  GObject                 parent_instance;

  /* Owned References */
  IssAssignmentTable     *table;      /* what the row is borrowed from */
  GListStore             *children;   /* (nullable) (element-type IssAssignmentItem) */

  const IssAssignmentRow *row;        /* (nullable) */
  char                   *label;      /* "" under a row of the same type */
  char                   *expires;
  char                   *tooltip;    /* (nullable) */
  char                   *key;
  const char             *icon_name;  /* (nullable) */
  const char             *css_classes[3];
};

enum
{
  PROP_LABEL = 1,
  PROP_NAME,
  PROP_EXPIRES,
  PROP_LOCATION,
  PROP_SLOT,
  PROP_STATE,
  PROP_ICON_NAME,
  PROP_TOOLTIP,
  PROP_CSS_CLASSES,
  PROP_ICON_CLASSES,
  N_PROPS
};

static GParamSpec *properties[N_PROPS];

G_DEFINE_FINAL_TYPE (IssAssignmentItem, iss_assignment_item, G_TYPE_OBJECT)

static void
iss_assignment_item_get_property (GObject    *object,
                                  guint       prop_id,
                                  GValue     *value,
                                  GParamSpec *pspec)
{
  IssAssignmentItem *self = ISS_ASSIGNMENT_ITEM (object);
  const IssAssignmentRow *row = self->row;
  const char *stale[] = { "stale", NULL };
  const char *none[] = { NULL };

  switch (prop_id)
    {
    case PROP_LABEL:
      g_value_set_string (value, self->label);
      break;

    case PROP_NAME:
      g_value_set_string (value, row != NULL ? row->name : "");
      break;

    case PROP_EXPIRES:
      g_value_set_string (value, self->expires);
      break;

    case PROP_LOCATION:
      g_value_set_string (value, row != NULL ? row->location : "");
      break;

    case PROP_SLOT:
      g_value_set_string (value, row != NULL && row->has_certificate
                                 ? iss_slot_get_label (row->slot) : "");
      break;

    case PROP_STATE:
      g_value_set_string (value, row != NULL ? row->state : "");
      break;

    case PROP_ICON_NAME:
      g_value_set_string (value, self->icon_name);
      break;

    case PROP_TOOLTIP:
      g_value_set_string (value, self->tooltip);
      break;

    case PROP_CSS_CLASSES:
      g_value_set_boxed (value, row != NULL && row->stale ? stale : none);
      break;

    case PROP_ICON_CLASSES:
      g_value_set_boxed (value, self->css_classes);
      break;

    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, prop_id, pspec);
    }
}

static void
iss_assignment_item_finalize (GObject *object)
{
  IssAssignmentItem *self = ISS_ASSIGNMENT_ITEM (object);

  g_clear_object (&self->children);
  g_clear_object (&self->table);
  g_clear_pointer (&self->label, g_free);
  g_clear_pointer (&self->expires, g_free);
  g_clear_pointer (&self->tooltip, g_free);
  g_clear_pointer (&self->key, g_free);

  G_OBJECT_CLASS (iss_assignment_item_parent_class)->finalize (object);
}

static void
iss_assignment_item_class_init (IssAssignmentItemClass *klass)
{
  static const char *const names[] = { [PROP_LABEL] = "label", [PROP_NAME] = "name",
                                       [PROP_EXPIRES] = "expires", [PROP_LOCATION] = "location",
                                       [PROP_SLOT] = "slot", [PROP_STATE] = "state",
                                       [PROP_ICON_NAME] = "icon-name",
                                       [PROP_TOOLTIP] = "tooltip" };
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GParamFlags flags = G_PARAM_READABLE | G_PARAM_STATIC_STRINGS;

  object_class->get_property = iss_assignment_item_get_property;
  object_class->finalize = iss_assignment_item_finalize;

  for (guint i = PROP_LABEL; i < G_N_ELEMENTS (names); i++)
    properties[i] = g_param_spec_string (names[i], NULL, NULL, NULL, flags);
  properties[PROP_CSS_CLASSES] =
    g_param_spec_boxed ("css-classes", NULL, NULL, G_TYPE_STRV, flags);
  properties[PROP_ICON_CLASSES] =
    g_param_spec_boxed ("icon-classes", NULL, NULL, G_TYPE_STRV, flags);

  g_object_class_install_properties (object_class, N_PROPS, properties);
}

static void
iss_assignment_item_init (IssAssignmentItem *self)
{
}

static char *
dup_tooltip (const IssAssignmentRow *row)
{
  g_autoptr(GBytes) sha1 = g_bytes_new (row->sha1, sizeof row->sha1);
  g_autofree char *thumbprint = iss_text_thumbprint (sha1);

  if (!row->has_certificate || *row->issued_to == '\0')
    return g_strdup (row->state);

  /* Translators: certificate's name, its issuer, its whole thumbprint, state */
  return g_strdup_printf (_("%s\nIssued by %s\nThumbprint %s\n%s"), row->issued_to,
                          row->issued_by, thumbprint, row->state);
}

static IssAssignmentItem *
new_item (IssAssignmentTable     *table,
          const IssAssignmentRow *row,
          const char             *label,
          GTimeZone              *zone)
{
  IssAssignmentItem *self = g_object_new (ISS_TYPE_ASSIGNMENT_ITEM, NULL);
  g_autofree char *sha256 = NULL;

  self->table = g_object_ref (table);
  self->row = row;
  self->label = g_strdup (label);

  if (row == NULL)
    {
      self->expires = g_strdup ("");
      self->key = g_strdup (label);
      return self;
    }

  sha256 = iss_text_hex (row->sha256, sizeof row->sha256, FALSE);
  self->key = g_strdup_printf ("%s/%u/%s/%s", row->type, row->slot, sha256, row->location);
  self->expires = row->not_after != 0 ? iss_time_text_short (row->not_after, zone)
                                      : g_strdup ("");
  self->tooltip = dup_tooltip (row);
  self->icon_name = iss_state_icon_of_verdict (row->verdict, row->rung);
  self->css_classes[0] = iss_state_icon_class_of_verdict (row->verdict, row->rung);

  /* What only verifies, or will sign one day, is no state to look at. */
  if (row->slot != ISS_SLOT_CURRENT)
    self->css_classes[0] = "dim-label";

  return self;
}

static void
add_child (IssAssignmentItem *self,
           IssAssignmentItem *child)
{
  if (self->children == NULL)
    self->children = g_list_store_new (ISS_TYPE_ASSIGNMENT_ITEM);

  g_list_store_append (self->children, child);
}

/* How many rows from @first on are of the same group, and whether they are of one type. */
static guint
measure_group (IssAssignmentTable *table,
               guint               first,
               gboolean           *out_is_type)
{
  const IssAssignmentRow *head = iss_assignment_table_get_row (table, first);
  guint n = 0;

  *out_is_type = TRUE;
  while (first + n < iss_assignment_table_get_n_rows (table))
    {
      const IssAssignmentRow *row = iss_assignment_table_get_row (table, first + n);

      if (!g_str_equal (row->group, head->group))
        break;

      *out_is_type = *out_is_type && g_str_equal (row->label, head->group);
      n++;
    }

  return n;
}

/**
 * iss_assignment_item_make_tree:
 * @table: what is assigned
 * @zone: (nullable): the zone to show dates in; %NULL is UTC
 *
 * Returns: (transfer full): the groups of certificate types, with their rows as children
 */
GListModel *
iss_assignment_item_make_tree (IssAssignmentTable *table,
                               GTimeZone          *zone)
{
  GListStore *groups = g_list_store_new (ISS_TYPE_ASSIGNMENT_ITEM);
  guint first = 0;

  g_return_val_if_fail (ISS_IS_ASSIGNMENT_TABLE (table), NULL);

  while (first < iss_assignment_table_get_n_rows (table))
    {
      const IssAssignmentRow *head = iss_assignment_table_get_row (table, first);
      gboolean is_type;
      guint n = measure_group (table, first, &is_type);
      g_autoptr(IssAssignmentItem) group = new_item (table, is_type ? head : NULL, head->group,
                                                     zone);
      const char *before = is_type ? head->label : "";

      for (guint i = is_type ? 1 : 0; i < n; i++)
        {
          const IssAssignmentRow *row = iss_assignment_table_get_row (table, first + i);
          g_autoptr(IssAssignmentItem) child = NULL;

          child = new_item (table, row, g_str_equal (row->label, before) ? "" : row->label, zone);
          before = row->label;
          add_child (group, child);
        }

      g_list_store_append (groups, group);
      first += n;
    }

  return G_LIST_MODEL (groups);
}

/**
 * iss_assignment_item_get_row:
 * @self: an item
 *
 * Returns: (transfer none) (nullable): its row, which lives as long as @self; %NULL for a group
 */
const IssAssignmentRow *
iss_assignment_item_get_row (IssAssignmentItem *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_ITEM (self), NULL);

  return self->row;
}

GListModel *
iss_assignment_item_get_children (IssAssignmentItem *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_ITEM (self), NULL);

  return self->children != NULL ? G_LIST_MODEL (self->children) : NULL;
}

const char *
iss_assignment_item_get_label (IssAssignmentItem *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_ITEM (self), NULL);

  return self->label;
}

/**
 * iss_assignment_item_dup_types:
 * @self: an item
 *
 * Returns: (transfer full): names of the certificate types it speaks of
 */
char **
iss_assignment_item_dup_types (IssAssignmentItem *self)
{
  g_autoptr(GStrvBuilder) types = g_strv_builder_new ();
  const char *before = NULL;

  g_return_val_if_fail (ISS_IS_ASSIGNMENT_ITEM (self), NULL);

  if (self->row != NULL)
    g_strv_builder_add (types, self->row->type);

  for (guint i = 0; self->row == NULL && self->children != NULL
                    && i < g_list_model_get_n_items (G_LIST_MODEL (self->children)); i++)
    {
      g_autoptr(IssAssignmentItem) child = g_list_model_get_item (G_LIST_MODEL (self->children),
                                                                  i);

      if (g_strcmp0 (before, child->row->type) != 0)
        g_strv_builder_add (types, child->row->type);
      before = child->row->type;
    }

  return g_strv_builder_end (types);
}

const char *
iss_assignment_item_get_key (IssAssignmentItem *self)
{
  g_return_val_if_fail (ISS_IS_ASSIGNMENT_ITEM (self), NULL);

  return self->key;
}
