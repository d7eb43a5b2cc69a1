/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "core/pool/pool.h"

G_BEGIN_DECLS

#define ISS_SCENE_NOW 1810994531            /* 2027-05-22T14:02:11Z */
#define ISS_SCENE_SEEN 1810993267           /* 13:41:07 */
#define ISS_SCENE_FAILED 1810994300         /* 13:58:20 */

typedef enum
{
  ISS_SCENE_GOOD,            /* the same everywhere, all valid */
  ISS_SCENE_MIXED,           /* one uses it, one does not have it, one does not answer */
  ISS_SCENE_NOT_ASSIGNED,
  ISS_SCENE_NOT_AGREED,      /* two different certificates */
  ISS_SCENE_DEAD,            /* seen, but none answers now */
  ISS_SCENE_FIRST_LOOK,      /* nobody has looked yet */
  ISS_SCENE_EMPTY,           /* no server */
  ISS_N_SCENES
} IssScene;

/* The certificates of the scenes, by the first byte of their hashes. */
#define ISS_SCENE_AUTH 0x3f
#define ISS_SCENE_OLD_AUTH 0x88
#define ISS_SCENE_LAB 0x04
#define ISS_SCENE_SIP 0xa0
#define ISS_SCENE_NEW_AUTH 0x9c

const char      *iss_scene_pool_get_name        (IssScene          scene);
IssPool         *iss_scene_pool_new             (IssScene          scene) G_GNUC_WARN_UNUSED_RESULT;
/* every third lacks it */
IssPool         *iss_scene_pool_new_large       (guint             n_servers)
                                                 G_GNUC_WARN_UNUSED_RESULT;

/* borrowed */
IssServer       *iss_scene_pool_add_server      (IssPool          *pool,
                                                 const char       *name) G_GNUC_WARN_UNUSED_RESULT;
/* as it was seen, but with the members of an a{sv} */
void             iss_scene_pool_say             (IssServer        *server,
                                                 const char       *members);
void             iss_scene_pool_fail            (IssServer        *server);
/* hex */
char            *iss_scene_pool_dup_sha256      (guint8            certificate)
                                                 G_GNUC_WARN_UNUSED_RESULT;
void             iss_scene_pool_agree           (IssPool          *pool,
                                                 guint8            current,
                                                 guint8            previous);   /* 0 = none */

/**
 * IssSceneSlot:
 *
 * What a server shows: a slot of a type, or with type %NULL a certificate that
 * it only holds, or with rung 0 that it was asked about and does not have.
 */
typedef struct
{
  const char *type;
  IssSlot     slot;
  guint8      certificate;
  IssRung     rung;
  gint64      instant;   /* when it became, or will be, current; 0 = not known */
} IssSceneSlot;

IssObservation  *iss_scene_pool_observe         (gint64              time,
                                                 const IssSceneSlot *slots,
                                                 guint               n_slots)
                                                 G_GNUC_WARN_UNUSED_RESULT;

G_END_DECLS
