/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "core/agent/observed-reloads.h"

#include "core/assignment/assignments.h"
#include "core/assignment/consumer-file.h"
#include "core/assignment/reload-folder.h"
#include "core/base/text.h"
#include "core/store/certificate-store.h"
#include "core/store/key-access.h"

#define MEMBER "reloads"
#define ERROR_MEMBER "reload-error"
#define MAX_SENTENCE 1024

static IssObservedReloads *
new_empty (void)
{
  IssObservedReloads *self = g_new0 (IssObservedReloads, 1);

  self->all = g_ptr_array_new_with_free_func ((GDestroyNotify) iss_reload_free);

  return self;
}

/**
 * iss_observed_reloads_free:
 * @self: (transfer full): what was seen
 */
void
iss_observed_reloads_free (IssObservedReloads *self)
{
  g_return_if_fail (self != NULL);

  g_ptr_array_unref (self->all);
  g_free (self->error);
  g_free (self);
}

/* (nullable): what is staged for a type */
static IssCertificate *
get_staged (IssRootFolder  *root,
            IssAssignments *assignments,
            const char     *type)
{
  const IssAssignment *assignment =
    iss_assignments_find (assignments, iss_certificate_type_find (type));
  const char *hex = assignment != NULL ? assignment->slot[ISS_SLOT_STAGED] : NULL;

  return hex != NULL ? iss_certificate_store_get (root, ISS_STORE_MY, hex, NULL) : NULL;
}

/* What root's watcher has not tried yet is worked out from permissions. */
static void
judge_staged (IssRootFolder *root,
              GPtrArray     *reloads)
{
  g_autoptr(IssAssignments) assignments = NULL;

  for (guint i = 0; i < reloads->len; i++)
    {
      IssReload *reload = g_ptr_array_index (reloads, i);
      g_autoptr(IssCertificate) certificate = NULL;
      g_autofree char *why_not = NULL;
      gboolean grantable;

      if (!reload->staged.is_there || reload->staged.tried != 0)
        continue;

      if (assignments == NULL)
        assignments = iss_assignments_load (root, NULL);
      if (assignments != NULL)
        certificate = get_staged (root, assignments, reload->type);

      /* Rolled or cancelled just now. */
      if (certificate == NULL)
        {
          reload->staged.is_there = FALSE;
          continue;
        }

      iss_key_access_allows (root, iss_certificate_get_spki_sha256 (certificate),
                             reload->account, &why_not, &grantable);
      iss_staged_key_set (&reload->staged, 0, why_not, grantable);
    }
}

/**
 * iss_observed_reloads_look:
 * @root: a server's folder
 *
 * Returns: (transfer full): what is configured and recorded there, or why that cannot be told
 */
IssObservedReloads *
iss_observed_reloads_look (IssRootFolder *root)
{
  IssObservedReloads *self = new_empty ();
  g_autoptr(GError) error = NULL;
  GPtrArray *reloads;

  g_return_val_if_fail (ISS_IS_ROOT_FOLDER (root), self);

  reloads = iss_reload_folder_look (iss_root_folder_get_path (root),
                                    iss_root_folder_get_fd (root), &error);
  if (reloads == NULL)
    {
      self->error = g_strdup (error->message);
      return self;
    }

  judge_staged (root, reloads);
  g_ptr_array_unref (self->all);
  self->all = reloads;

  return self;
}

/**
 * iss_observed_reloads_write:
 * @self: what was seen
 * @dict: where to add it
 *
 * Adds "reloads" aa{sv}, as of iss_reload_to_variant(), and "reload-error" s if that is set.
 */
void
iss_observed_reloads_write (const IssObservedReloads *self,
                            GVariantDict             *dict)
{
  GVariantBuilder builder;

  g_return_if_fail (self != NULL);
  g_return_if_fail (dict != NULL);

  g_variant_builder_init (&builder, G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->all->len; i++)
    g_variant_builder_add_value (&builder,
                                 iss_reload_to_variant (g_ptr_array_index (self->all, i)));
  g_variant_dict_insert_value (dict, MEMBER, g_variant_builder_end (&builder));
  if (self->error != NULL)
    g_variant_dict_insert (dict, ERROR_MEMBER, "s", self->error);
}

/**
 * iss_observed_reloads_read:
 * @variant: an a{sv} from a server
 *
 * Returns: (transfer full) (nullable): what it says; nothing if it is an older agent's; %NULL if
 *   it cannot be true
 */
IssObservedReloads *
iss_observed_reloads_read (GVariant *variant)
{
  g_autoptr(IssObservedReloads) self = new_empty ();
  g_autoptr(GVariant) list = NULL;
  const char *error;

  g_return_val_if_fail (g_variant_is_of_type (variant, G_VARIANT_TYPE_VARDICT), NULL);

  list = g_variant_lookup_value (variant, MEMBER, G_VARIANT_TYPE ("aa{sv}"));
  if (list != NULL && g_variant_n_children (list) > ISS_CONSUMER_FILE_MAX)
    return NULL;

  for (gsize i = 0; list != NULL && i < g_variant_n_children (list); i++)
    {
      g_autoptr(GVariant) one = g_variant_get_child_value (list, i);
      IssReload *reload = iss_reload_new_from_variant (one);

      if (reload == NULL)
        return NULL;

      g_ptr_array_add (self->all, reload);
    }

  if (g_variant_lookup (variant, ERROR_MEMBER, "&s", &error))
    self->error = iss_text_sanitise (error, -1, MAX_SENTENCE);

  return g_steal_pointer (&self);
}
